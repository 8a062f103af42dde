import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster, healthy, isRunning, used } from "./deep-cluster";

describe("the life of a cluster with real programs", () => {
  let deep: DeepCluster;
  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, scaleway.available, { controllers: false });
  });
  afterAll(() => deep.end());

  test("is created by tofu, and every control plane joins etcd and answers behind the load balancer", async () => {
    await deep.cluster.up();
    const { programs } = await deep.until("complete", answers(3));
    expect(programs.map(({ node, program }) => `${node} ${program}`).sort()).toEqual(
      [0, 1, 2].flatMap((index) => [
        `demo-control-plane-${index} etcd`,
        `demo-control-plane-${index} kube-apiserver`,
      ]),
    );
    expect(await deep.kubectl("get", "--raw", "/readyz")).toBe("ok");
  });

  test("keeps what is written, and secrets encrypted with its own key", async () => {
    await deep.kubectl("create", "configmap", "note", "--from-literal=text=kept");
    expect(await deep.kubectl("get", "configmap", "note", "-o=jsonpath={.data.text}")).toBe("kept");
    await deep.kubectl("create", "secret", "generic", "hidden", "--from-literal=text=in-the-clear");
    const stored = await deep.storedBytes("demo-control-plane-0");
    expect(stored.includes("k8s:enc:secretbox:v1:key2:")).toBe(true);
    expect(stored.includes("in-the-clear")).toBe(false);
  });

  test("goes on with two of three when a machine loses its power", async () => {
    await deep.change("demo-control-plane-1", { state: "stopped" });
    await deep.until("without that backend", (status) => used(status).length === 2);
    const { programs } = await deep.status();
    expect(programs.filter(({ node }) => node === "demo-control-plane-1")).toEqual([]);
    await deep.kubectl("create", "configmap", "second", "--from-literal=text=kept");
  });

  test("takes the machine back with its data", async () => {
    await deep.change("demo-control-plane-1", { state: "started" });
    await deep.until("complete", answers(3));
    expect(healthy(await deep.status(), "etcd")).toHaveLength(3);
  });

  test("refuses to answer when two of three machines are destroyed", async () => {
    await deep.remove("demo-control-plane-1");
    await deep.remove("demo-control-plane-2");
    await deep.until("alone", ({ programs }) => programs.length === 2);
    const written = deep.kubectl("create", "configmap", "lost", "--request-timeout=20s");
    await expect(written).rejects.toThrow(/etcdserver|timed? ?out|deadline/i);
    const { programs } = await deep.until(
      "unhealthy",
      (status) => healthy(status, "etcd").length === 0,
    );
    expect(programs.map(({ node }) => node)).toEqual([
      "demo-control-plane-0",
      "demo-control-plane-0",
    ]);
  });

  test("is destroyed with every process and forwarder", async () => {
    const { programs } = await deep.status();
    await deep.cluster.destroyed();
    expect((await deep.status()).listeners).toEqual([]);
    await deep.until("without programs", () => programs.every(({ pid }) => !isRunning(pid)));
    expect((await deep.status()).programs).toEqual([]);
  });
});
