import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { Version } from "../../constructs/model/version";
import { ClusterDirectory } from "../../src/cli/cluster/directory";
import { knownState } from "../../src/cli/cluster/known-state";
import { NodeConnection } from "../../src/cli/nodes/connection";
import type { KnownNode, Observation } from "../../src/cli/nodes/observation";
import { observe } from "../../src/cli/nodes/observe";
import { roll } from "../../src/cli/nodes/roll/roll";
import { imagesOf, withImages } from "../../src/talos/version-tags";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster } from "./deep-cluster";
import { addLearner } from "./etcd-learner";

// Several upgrades and reboots.
jest.setTimeout(300_000);

const known: KnownNode[] = [
  { name: "control-plane-0", address: "172.16.4.4", role: "controlplane" },
  { name: "worker-0", address: "172.16.5.4", role: "worker" },
];
const patience = {
  drain: 1500,
  boot: 6000,
  gate: 20_000,
  start: 3000,
  trial: 6000,
  between: 100,
};

/** Small enough for a test to fill it. */
const quota = { cluster: { etcd: { extraArgs: { "quota-backend-bytes": "16000000" } } } };

describe("work on a running node that fails", () => {
  let deep: DeepCluster;
  let connection: NodeConnection;

  beforeAll(async () => {
    deep = await DeepCluster.create(
      scaleway,
      { ...scaleway.single, workers: 1 },
      { haste: 20, heartbeat: 1000 },
      { config_patches: { control_planes: [JSON.stringify(quota)] } },
    );
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    deep.cluster.useSsh();
    const options = { dir: deep.cluster.home };
    const cluster = ClusterDirectory.find(options);
    const addresses = [known[0]!.address];
    connection = await NodeConnection.open(cluster, await knownState(cluster, options), addresses);
  });
  afterAll(async () => {
    await connection.close();
    await deep.end();
  });

  const worker = async () => {
    const { nodes }: Observation = await observe(connection, known);
    return nodes[1]!;
  };

  /** Brings worker-0 to another configuration, and Talos to another version. */
  async function change(edit: (running: string) => string, version = "v1.14.1") {
    const running = (await worker()).talos?.configuration ?? "";
    const port = (await deep.status()).listeners[0]?.localPort ?? 0;
    return roll({
      connection,
      known,
      except: [],
      wanted: {
        nodes: [{ ...known[1]!, configuration: edit(running) }],
        talos: Version.parse(version)!,
        kubernetes: Version.parse("1.37.1")!,
      },
      patience,
      haste: 1000,
      api: { host: "127.0.0.1", port, name: deep.cluster.apiAddress },
      talosctl: () => Promise.resolve(deep.programs.talosctl),
      memory: deep.cluster.home,
      scratch: deep.cluster.home,
      report: () => undefined,
    });
  }

  /** Upgrades worker-0 to a patch that is new each time. */
  let patch = 1;
  function upgrade(isAgain = false) {
    if (!isAgain) patch += 1;
    const version = `v1.14.${patch}`;
    return change((running) => {
      const image = imagesOf(running).installer ?? "";
      return withImages(running, { installer: image.replace(/:[^:]+$/, `:${version}`) });
    }, version);
  }

  const state = async () => {
    const { talos, kubernetes } = await worker();
    return { version: talos?.version, cordoned: kubernetes?.cordoned };
  };

  test("an installer that fails leaves the node as it was, and is named with its output", async () => {
    await deep.cluster.simulator.nodeFaults([{ kind: "installer-fails", message: "no space" }]);
    await expect(upgrade()).rejects.toThrow(/installer .* failed on worker-0[^]*no space/);
    expect(await state()).toEqual({ version: "v1.14.1", cordoned: false });
  });

  test("a node that boots its old version again is not taken for an upgraded one", async () => {
    await deep.cluster.simulator.nodeFaults([{ kind: "revert" }]);
    await expect(upgrade()).rejects.toThrow("worker-0 has booted v1.14.1 again");
    expect(await state()).toEqual({ version: "v1.14.1", cordoned: false });
  });

  test.each([
    ["no-return", "worker-0 did not come back from its reboot within 6 s"],
    ["hang", "and is not ready after 6 s"],
  ] as const)(
    "a node with %s stays cordoned, and is finished once it is back",
    async (kind, said) => {
      await deep.cluster.simulator.nodeFaults([{ kind }]);
      await expect(upgrade()).rejects.toThrow(said);
      await deep.change("demo-worker-0", { state: "stopped" });
      await deep.change("demo-worker-0", { state: "started" });
      const isBack = async () => (await worker()).talos !== undefined;
      await deep.until("back", isBack);
      await upgrade(true);
      expect(await state()).toEqual({ version: `v1.14.${patch}`, cordoned: false });
    },
  );

  test("a configuration that is refused changes nothing, and the refusal is printed", async () => {
    await deep.cluster.simulator.nodeFaults([
      { kind: "refuse-configuration", message: "bad value" },
    ]);
    const version = `v1.14.${patch}`;
    const sysctl = (text: string) => text.replace("machine:", "machine:\n  sysctls: { a: '1' }");
    await expect(change(sysctl, version)).rejects.toThrow(
      "worker-0 refuses its configuration: bad value",
    );
  });

  test("a configuration of the next boot is there after one reboot", async () => {
    const before = (await worker()).talos?.bootId;
    const version = `v1.14.${patch}`;
    await change((text) => text.replace("machine:", "machine:\n  env: { A: b }"), version);
    const { talos, kubernetes } = await worker();
    expect(talos?.bootId).not.toBe(before);
    expect(talos?.configuration).toContain("A: b");
    expect(kubernetes?.cordoned).toBe(false);
  });

  test("a configuration that cuts the node off is taken back, and the node answers again", async () => {
    const version = `v1.14.${patch}`;
    const cut = (text: string) =>
      parseAllDocuments(text)
        .filter((document) => !/ports:\s*- 50000/.test(String(document)))
        .map(String)
        .join("---\n");
    await expect(change(cut, version)).rejects.toThrow(
      /worker-0 was not well with its new configuration[^]*worker-0: Talos does not answer/,
    );
    expect((await worker()).talos?.configuration).toMatch(/ports:\s*- 50000/);
  });

  test("a risky configuration that cuts nothing off is tried and kept", async () => {
    const version = `v1.14.${patch}`;
    const names = (text: string) => text.replace("certSANs:", "certSANs:\n    - node.example");
    await change(names, version);
    expect((await worker()).talos?.configuration).toContain("node.example");
  });

  test("a pod that a PodDisruptionBudget holds is named, and the node goes on as it was until the budget is gone", async () => {
    const labels = { app: "web" };
    const containers = [{ name: "web", image: "web" }];
    const template = { metadata: { labels }, spec: { containers } };
    await deep.create([
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: { replicas: 1, selector: { matchLabels: labels }, template },
      },
      {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: "never-less" },
        spec: { minAvailable: 1, selector: { matchLabels: labels } },
      },
    ]);
    await deep.kubectl("wait", "pod", "-l=app=web", "--for=condition=Ready", "--timeout=25s");
    const { talos, kubernetes } = await worker();
    expect({ cordoned: kubernetes?.cordoned }).toEqual({ cordoned: false });
    await expect(upgrade()).rejects.toThrow(
      /worker-0 could not be drained[^]*default\/web-[^]*disruption budget never-less[^]*kubectl get pdb/,
    );
    const after = await worker();
    expect(after.talos?.bootId).toBe(talos?.bootId);
    expect(after.kubernetes?.cordoned).toBe(false);
    await deep.kubectl("delete", "pdb", "never-less");
    await upgrade(true);
    expect(await state()).toEqual({ version: `v1.14.${patch}`, cordoned: false });
    await deep.kubectl("delete", "deployment", "web");
  });

  test("nothing begins where another run works on the nodes, or the cluster is not healthy", async () => {
    const version = `v1.14.${patch}`;
    const sysctl = (text: string) => text.replace("machine:", "machine:\n  sysctls: { b: '1' }");
    const lease = ["patch", "lease", "openaether", "--namespace=kube-system", "--type=merge"];
    const holder = (holderIdentity: string) =>
      deep.kubectl(...lease, `--patch=${JSON.stringify({ spec: { holderIdentity } })}`);
    await holder("kim@elsewhere 12 abc");
    await expect(change(sysctl, version)).rejects.toThrow("kim@elsewhere is working on the nodes");
    await holder("");
    await deep.kubectl("cordon", "demo-worker-0");
    await expect(change(sysctl, version)).rejects.toThrow(
      /not healthy, so no node is touched:\s+worker-0: cordoned/,
    );
    await deep.kubectl("uncordon", "demo-worker-0");
  });

  test("nothing begins where a member of etcd was added and never started", async () => {
    const { nodes } = await observe(connection, known);
    const configuration = nodes[0]?.talos?.configuration ?? "";
    const remove = await addLearner(deep, configuration, "172.16.4.5");
    const sysctl = (text: string) => text.replace("machine:", "machine:\n  sysctls: { c: '1' }");
    await expect(change(sysctl, `v1.14.${patch}`)).rejects.toThrow(
      /not healthy, so no node is touched:\s+etcd: member \w+ \(172\.16\.4\.5\) has not started/,
    );
    await remove();
    expect((await worker()).talos?.configuration).not.toContain("c: '1'");
  });

  test("nothing begins where etcd is full", async () => {
    const file = join(deep.cluster.home, "large");
    writeFileSync(file, "x".repeat(900_000));
    const isFull = async () => {
      const name = `large-${Date.now()}`;
      return !(await deep.answers("create", "configmap", name, `--from-file=${file}`));
    };
    await deep.until("full", isFull);
    const sysctl = (text: string) => text.replace("machine:", "machine:\n  sysctls: { c: '1' }");
    await expect(change(sysctl, `v1.14.${patch}`)).rejects.toThrow(
      /not healthy, so no node is touched:\s+etcd: alarm NOSPACE/,
    );
    expect((await worker()).talos?.configuration).not.toContain("c: '1'");
  });
});
