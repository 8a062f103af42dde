import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { scaleway } from "../support/clouds";
import { DeepCluster } from "./deep-cluster";

const nodes = { ...scaleway.single, control_planes: 1, workers: 2 };

/** What the user has Talos apply at bootstrap. */
const manifest = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "mine" } },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "greeting", namespace: "mine" },
    data: { text: "hello" },
  },
]
  .map((object) => stringify(object))
  .join("---\n");

/** Pods that do nothing, and a budget that lets none of them go. */
const workload = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "idle" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "idle" } },
      template: {
        metadata: { labels: { app: "idle" } },
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [{ name: "pause", image: "registry.k8s.io/pause:3.10" }],
        },
      },
    },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "idle" },
    spec: { minAvailable: 2, selector: { matchLabels: { app: "idle" } } },
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "once" },
    spec: {
      template: {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "work", image: "registry.k8s.io/pause:3.10" }],
        },
      },
    },
  },
];

describe("the nodes of a cluster with real programs", () => {
  let deep: DeepCluster;

  beforeAll(async () => {
    deep = await DeepCluster.create(
      scaleway,
      nodes,
      { heartbeat: 1000, haste: 20 },
      {
        node_labels: { workers: { "example.org/kind": "simulated" } },
        node_taints: { "worker-1": { "example.org/late": "PreferNoSchedule" } },
        manifests: [manifest],
      },
    );
    await deep.cluster.up();
    await deep.until("an API", async () => deep.answers("get", "--raw=/readyz"));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
  });
  afterAll(() => deep.end());

  async function read<T>(...args: string[]): Promise<T> {
    return JSON.parse(await deep.kubectl("get", ...args, "--output=json")) as T;
  }

  test("are Ready, with labels and taints of Talos and of the input", async () => {
    const { items } = await read<{ items: NodeJson[] }>("nodes");

    const byName = Object.fromEntries(items.map((node) => [node.metadata.name, node]));
    expect(Object.keys(byName)).toEqual(["demo-control-plane-0", "demo-worker-0", "demo-worker-1"]);
    const [first, worker, late] = Object.values(byName);
    const role = "node-role.kubernetes.io/control-plane";
    expect(first?.metadata.labels).toMatchObject({ [role]: "" });
    expect(first?.spec.taints).toContainEqual({ key: role, effect: "NoSchedule" });
    expect(worker?.metadata.labels).toMatchObject({
      "example.org/kind": "simulated",
      "kubernetes.io/hostname": "demo-worker-0",
    });
    expect(lastingTaints(worker)).toEqual([]);
    expect(lastingTaints(late)).toEqual([{ key: "example.org/late", effect: "PreferNoSchedule" }]);
    expect(worker?.status.nodeInfo).toMatchObject({
      kubeletVersion: "v1.37.1",
      osImage: expect.stringMatching(/^Talos \(v\d+\.\d+\.\d+\)$/),
    });
  });

  test("show the control plane's programs as mirror pods, with the version of their configuration", async () => {
    const { items } = await read<{ items: PodJson[] }>(
      "pods",
      "--namespace=kube-system",
      "--selector=tier=control-plane",
    );

    expect(items.map(({ metadata }) => metadata.name)).toEqual([
      "kube-apiserver-demo-control-plane-0",
      "kube-controller-manager-demo-control-plane-0",
      "kube-scheduler-demo-control-plane-0",
    ]);
    for (const { metadata, spec, status } of items) {
      expect(metadata.annotations).toMatchObject({
        "kubernetes.io/config.source": "http",
        "talos.dev/config-version": "1",
      });
      expect(spec.containers[0]?.image).toMatch(/^registry\.k8s\.io\/kube-.*:v1\.37\.1$/);
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ type: "Ready", status: "True" }),
      );
    }
  });

  test("have what Talos and the user apply at bootstrap", async () => {
    expect(await read("configmap", "greeting", "--namespace=mine")).toMatchObject({
      data: { text: "hello" },
    });
    await deep.kubectl(
      "rollout",
      "status",
      "deployment/coredns",
      "--namespace=kube-system",
      "--timeout=30s",
    );
  });

  test("say that there are no logs, and that no commands can be run", async () => {
    const pods = ["--namespace=kube-system", "deployment/coredns"];

    await expect(deep.kubectl("logs", ...pods)).rejects.toThrow(/runs no containers/);
    await expect(deep.kubectl("exec", ...pods, "--", "ls")).rejects.toThrow(/runs no containers/);
  });

  test("run pods, and lose them in a drain as fast as their budget allows", async () => {
    await deep.create(workload);
    await deep.kubectl("rollout", "status", "deployment/idle", "--timeout=30s");
    await deep.kubectl("wait", "job/once", "--for=condition=Complete", "--timeout=30s");
    await deep.until("an observed budget", async () => {
      const { status } = await read<{ status: { expectedPods?: number } }>("pdb", "idle");
      return status.expectedPods === 2;
    });
    const { items } = await read<{ items: PodJson[] }>("pods", "--selector=app=idle");
    const node = items[0]?.spec.nodeName ?? "";
    const drain = ["drain", node, "--ignore-daemonsets"];

    await expect(deep.kubectl(...drain, "--timeout=2s")).rejects.toThrow(/disruption budget/);
    await deep.kubectl("patch", "pdb", "idle", "--patch", '{"spec":{"minAvailable":1}}');
    await deep.kubectl(...drain, "--timeout=25s");

    await deep.kubectl("rollout", "status", "deployment/idle", "--timeout=30s");
    const moved = await read<{ items: PodJson[] }>("pods", "--selector=app=idle");
    expect(moved.items.map(({ spec }) => spec.nodeName)).not.toContain(node);
    await deep.kubectl("uncordon", node);
  });

  test("lose their pods before Talos takes their machine down, and may have pods again after it", async () => {
    const pods = await read<{ items: PodJson[] }>("pods", "--selector=app=idle");
    const name = pods.items[0]?.spec.nodeName ?? "";
    const before = await read<NodeJson>("node", name);
    const [address] = before.status.addresses;
    await deep.cluster.openTunnelTo("172.16.4.4");
    const reset = ["reset", "--graceful", "--reboot", "--system-labels-to-wipe=EPHEMERAL"];
    await deep.talosctl(address?.address ?? "", ...reset, "--wait=false");
    await deep.until("another boot", async () => {
      const { status, spec } = await read<NodeJson>("node", name);
      const isNew = status.nodeInfo.bootID !== before.status.nodeInfo.bootID;
      return isNew && spec.unschedulable !== true;
    });

    await deep.kubectl("rollout", "status", "deployment/idle", "--timeout=30s");
    const { items } = await read<{ items: PodJson[] }>("pods", "--selector=app=idle");
    expect(items.map(({ spec }) => spec.nodeName)).not.toContain(name);
    const { metadata } = await read<NodeJson>("node", name);
    expect(metadata.annotations).not.toHaveProperty(["talos.dev/cordoned"]);
  });

  test("get the labels of a configuration that is changed while they run", async () => {
    const [address] = (await read<NodeJson>("node", "demo-worker-0")).status.addresses;
    const labels = { "example.org/other": "new" };
    const patch = `--patch=${JSON.stringify({ machine: { nodeLabels: labels } })}`;
    await deep.talosctl(address?.address ?? "", "patch", "machineconfig", patch);

    await deep.until("labelled", async () => {
      const { metadata } = await read<NodeJson>("node", "demo-worker-0");
      return metadata.labels["example.org/other"] === "new";
    });
    const { metadata } = await read<NodeJson>("node", "demo-worker-0");
    expect(metadata.labels).toHaveProperty(["kubernetes.io/hostname"], "demo-worker-0");
  });

  test("are lost when their machine is off, and found when it is on again", async () => {
    await deep.change("demo-worker-1", { state: "stopped" });
    await deep.kubectl(
      "wait",
      "node/demo-worker-1",
      "--for=condition=Ready=Unknown",
      "--timeout=25s",
    );

    await deep.change("demo-worker-1", { state: "started" });
    await deep.kubectl("wait", "node/demo-worker-1", "--for=condition=Ready", "--timeout=25s");
  });
});

/** Without those that say what state a node is in, which go a moment after it has changed. */
function lastingTaints(node: NodeJson | undefined): object[] {
  const taints = node?.spec.taints ?? [];
  return taints.filter(({ key }) => !key.startsWith("node.kubernetes.io/"));
}

interface NodeJson {
  readonly metadata: {
    readonly name: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  };
  readonly spec: { readonly taints?: readonly { key: string }[]; readonly unschedulable?: boolean };
  readonly status: {
    readonly nodeInfo: Record<string, string>;
    readonly addresses: readonly { readonly address: string }[];
  };
}

interface PodJson {
  readonly metadata: { readonly name: string; readonly annotations: Record<string, string> };
  readonly spec: { readonly nodeName: string; readonly containers: readonly { image: string }[] };
  readonly status: { readonly conditions: readonly object[] };
}
