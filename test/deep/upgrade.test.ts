import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster } from "./deep-cluster";
import { DeepUser } from "./deep-user";

const before = { talos: "v1.13.12", kubernetes: "v1.36.3" };
const after = { talos: "v1.14.1", kubernetes: "v1.37.1" };
const image_name = `talos-${before.talos}`;
const newImage = `talos-${after.talos}`;
const images = [{ name: image_name }, { name: newImage }];
const cloud = { ...scaleway, account: { ...scaleway.account, images } };
const nodes = { control_planes: 3, workers: 1, zones: ["fr-par-1"], image_name };

describe("a cluster of Talos 1.13 and Kubernetes 1.36 whose tofu.tfvars is changed to 1.14 and 1.37", () => {
  let deep: DeepCluster;
  let user: DeepUser;
  /** Of the run that is killed. */
  let output = "";
  let reports: readonly Report[] = [];
  /** Of the run that goes on. */
  let lines: readonly string[] = [];

  beforeAll(async () => {
    deep = await DeepCluster.create(
      cloud,
      nodes,
      { haste: 20, heartbeat: 1000 },
      { talos_version: before.talos, kubernetes_version: before.kubernetes },
    );
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(3));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    const canary = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "canary" } };
    await deep.create([{ ...canary, data: { written: "before" } }]);
    deep.cluster.edit({
      talos_version: after.talos,
      kubernetes_version: after.kubernetes,
      node_distribution: { scaleway: { ...nodes, workers: 2, image_name: newImage } },
    });
    const up = ["up", "--yes", "--allow", "image"];
    const killed = await user.start(...up);
    await deep.settled(() => killed.output.includes("control-plane-2: drained"), 200);
    process.kill(killed.pid, "SIGKILL");
    output = (await killed.ended).output;
    lines = (await user.done(...up, "--json")).split("\n");
    reports = reportsIn(lines);
  }, 400_000);
  afterAll(() => deep.end());

  test("says beforehand what it will do", () => {
    expect(output).toMatch(/~ {2}Talos +v1\.13\.12 → v1\.14\.1/);
    expect(output).toMatch(/~ {2}Kubernetes +v1\.36\.3 → v1\.37\.1/);
    expect(output).toContain("each is drained and reboots; control-plane-0 leads etcd");
  });

  test("has the new versions everywhere", async () => {
    const { items } = JSON.parse(await deep.kubectl("get", "nodes", "--output=json")) as {
      items: NodeJson[];
    };
    const versions = items.map(({ status, spec }) => [
      status.nodeInfo.osImage,
      status.nodeInfo.kubeletVersion,
      spec.unschedulable,
    ]);
    expect(versions).toEqual(
      Array(5).fill([`Talos (${after.talos})`, after.kubernetes, undefined]),
    );
  });

  test("goes on after a kill with the node that was drained, and leaves the one before alone", () => {
    const done = reports.filter(({ state }) => state === "done");
    const nodes = done.flatMap(({ step, node }) => (step === "talos" ? [node] : []));
    // It may have begun to reboot already.
    expect(nodes.filter((node) => node !== "control-plane-2")).toEqual([
      "control-plane-0",
      "worker-0",
    ]);
    const finished = done.flatMap(({ node }) => node ?? []);
    expect(finished).toContain("control-plane-2");
    expect(finished).not.toContain("control-plane-1");
  });

  test("gets its new worker when the others have the new versions", () => {
    const upgraded = lines.findIndex((line) => /"kubernetes".*"done"/.test(line));
    const created = lines.findLastIndex((line) => line.includes(`"part":"nodes"`));
    expect(upgraded).toBeGreaterThan(-1);
    expect(created).toBeGreaterThan(upgraded);
  });

  test("answers through the load balancer all the while, but for seconds", () => {
    const { probe } = reports.find((one) => one.probe !== undefined) ?? {};
    expect(probe?.requests).toBeGreaterThan(20);
    expect(probe?.longestGap).toBeLessThan(15_000);
  });

  test("keeps what was written before", async () => {
    expect(await deep.kubectl("get", "configmap", "canary", "--output=jsonpath={.data}")).toContain(
      "before",
    );
  });

  test("has nothing left to do, and a snapshot of etcd from each run", async () => {
    expect(await user.done("plan")).toContain("no changes");
    expect(readdirSync(join(deep.cluster.home, ".openaether", "snapshots"))).toHaveLength(2);
  });
});

interface NodeJson {
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: {
    readonly nodeInfo: { readonly osImage: string; readonly kubeletVersion: string };
  };
}

/** What a run reports of its work inside nodes. */
interface Report {
  readonly step?: string;
  readonly node?: string;
  readonly state?: string;
  readonly probe?: {
    readonly requests: number;
    readonly failed: number;
    readonly longestGap: number;
  };
}

function reportsIn(lines: readonly string[]): Report[] {
  const objects = lines.filter((line) => line.startsWith("{"));
  return objects.flatMap((line) => (JSON.parse(line) as { inside?: Report }).inside ?? []);
}
