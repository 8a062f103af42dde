import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ClusterDirectory } from "../../src/cli/cluster/directory";
import { knownState } from "../../src/cli/cluster/known-state";
import { NodeConnection } from "../../src/cli/nodes/connection";
import { unhealthy } from "../../src/cli/nodes/gate";
import type { KnownNode } from "../../src/cli/nodes/observation";
import { observe } from "../../src/cli/nodes/observe";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster } from "./deep-cluster";

const known: KnownNode[] = [
  { name: "control-plane-0", address: "172.16.4.4", role: "controlplane" },
  { name: "worker-0", address: "172.16.5.4", role: "worker" },
];

describe("nodes that are asked through the bastion", () => {
  let deep: DeepCluster;
  let connection: NodeConnection | undefined;

  beforeAll(async () => {
    deep = await DeepCluster.create(
      scaleway,
      { ...scaleway.single, workers: 1 },
      { haste: 20, heartbeat: 1000 },
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
    await connection?.close();
    await deep.end();
  });

  test("report their versions, their configuration, etcd and Kubernetes", async () => {
    const seen = await observe(connection!, known);

    expect(seen.nodes.map(({ problem }) => problem)).toEqual([undefined, undefined]);
    expect(seen.nodes.map(({ talos }) => talos?.version)).toEqual(["v1.14.1", "v1.14.1"]);
    expect(seen.nodes.map(({ talos }) => talos?.status.stage)).toEqual(["running", "running"]);
    expect(seen.nodes[1]?.talos?.configuration).toContain("type: worker");
    expect(seen.nodes.map(({ kubernetes }) => kubernetes?.kubelet)).toEqual(["v1.37.1", "v1.37.1"]);
    expect(seen.members.map(({ address }) => address)).toEqual(["172.16.4.4"]);
    expect(seen.nodes[0]?.etcd?.leader).toBe(seen.members[0]?.id);
    expect(seen.components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([
      "kube-apiserver v1.37.1",
      "kube-controller-manager v1.37.1",
      "kube-scheduler v1.37.1",
    ]);
    expect(seen.strangers).toEqual([]);
    expect(unhealthy(seen)).toEqual([]);
  });

  test("are reported when they do not answer, and nothing else is concluded from it", async () => {
    await deep.change("demo-worker-0", { state: "stopped" });
    const seen = await observe(connection!, known);

    expect(seen.nodes[1]?.talos).toBeUndefined();
    expect(seen.nodes[1]?.problem).not.toBe("");
    expect(unhealthy(seen)).toEqual([expect.stringContaining("worker-0: Talos does not answer")]);
  });
});
