import { describe, expect, test } from "@jest/globals";
import type { NodeSet } from "../../../src/cli/nodes/node-set";
import type { Observation, ObservedNode } from "../../../src/cli/nodes/observation";
import { settle, unsettled } from "../../../src/cli/nodes/settle";
import { KubernetesError } from "../../../src/kubernetes/kubernetes-error";

const kubernetesNode = (name: string, more: object = {}) => ({
  name: `demo-${name}`,
  ready: true,
  cordoned: false,
  cordonedFor: undefined,
  kubelet: "v1.37.1",
  ...more,
});
const node = (name: string, address: string, more: Partial<ObservedNode> = {}): ObservedNode => ({
  name,
  address,
  role: name.startsWith("control-plane") ? "controlplane" : "worker",
  talos: {
    version: "v1.14.1",
    bootId: "one",
    status: { stage: "running", ready: true, unmet: [] },
    configuration: "",
  },
  kubernetes: kubernetesNode(name),
  ...more,
});
const member = (name: string, address: string) => ({
  id: address,
  hostname: `demo-${name}`,
  address,
  isLearner: false,
});
const etcd = { memberId: "1", leader: "1", isLearner: false, errors: [], size: 1, sizeInUse: 1 };
const controlPlane = node("control-plane-0", "10.0.0.4", { etcd, apiReady: true });
const healthy: Observation = {
  nodes: [controlPlane, node("worker-0", "10.0.1.4")],
  members: [member("control-plane-0", "10.0.0.4")],
  disagreeing: [],
  alarms: [],
  components: [],
  strangers: [],
};

/** What is asked of the cluster while it is settled. */
async function settled(observation: Observation, worked: readonly string[] = []) {
  const calls: string[] = [];
  const lines: string[] = [];
  const kubernetes = {
    call: (method: string, path: string) => {
      if (path.includes("/leases/")) {
        return Promise.reject(new KubernetesError(404, "not found"));
      }
      calls.push(`${method} ${path}`);
      return Promise.resolve({});
    },
  };
  const talos = {
    members: () => Promise.resolve(observation.members),
    removeMember: (id: string) => {
      calls.push(`remove member ${id}`);
      return Promise.resolve();
    },
    version: () => Promise.reject(new Error("no route to host")),
  };
  const nodes = {
    observe: () => Promise.resolve(observation),
    known: () => Promise.resolve(observation.nodes),
    survivor: () => Promise.resolve(talos),
    connection: () =>
      Promise.resolve({
        kubernetes: () => Promise.resolve(kubernetes),
        node: () => Promise.resolve(talos),
      }),
    has: (name: string) => observation.nodes.some((one) => one.name === name),
    hostname: (name: string) => `demo-${name}`,
    nameOf: (hostname: string) => /^demo-(.+-\d+)$/.exec(hostname)?.[1],
  };
  const say = (text: string) => void lines.push(text);
  await settle(nodes as unknown as NodeSet, { worked: new Set(worked), say });
  return { calls, lines };
}

describe("what an interrupted run left is settled:", () => {
  test("nothing is changed in a cluster that is whole", async () => {
    expect(await settled(healthy)).toEqual({ calls: [], lines: [] });
  });

  test("a cordon of ours ends, unless its node is worked on next; anybody else's stays", async () => {
    const cordoned = (cordonedFor: string | undefined): Observation => ({
      ...healthy,
      nodes: [
        controlPlane,
        node("worker-0", "10.0.1.4", {
          kubernetes: kubernetesNode("worker-0", { cordoned: true, cordonedFor }),
        }),
      ],
    });
    expect((await settled(cordoned("resize"))).calls).toEqual([
      "PATCH /api/v1/nodes/demo-worker-0",
    ]);
    expect((await settled(cordoned("resize"), ["worker-0"])).calls).toEqual([]);
    expect((await settled(cordoned(undefined))).calls).toEqual([]);
    expect(unsettled(cordoned("resize"), new Set())).toEqual([]);
    expect(unsettled(cordoned(undefined), new Set())).toEqual(["worker-0: cordoned"]);
  });

  test("a Node without a machine is deleted; one that is Ready, or of another name, is not", async () => {
    const stranger = (name: string, ready: boolean) => ({
      ...kubernetesNode("worker-9", { ready }),
      name,
      address: "10.0.1.9",
    });
    const of = async (name: string, ready: boolean) =>
      (await settled({ ...healthy, strangers: [stranger(name, ready)] })).calls;
    expect(await of("demo-worker-9", false)).toEqual(["DELETE /api/v1/nodes/demo-worker-9"]);
    expect(await of("demo-worker-9", true)).toEqual([]);
    expect(await of("mine", false)).toEqual([]);
  });

  test("Kubernetes is left alone while it does not answer", async () => {
    const strangers = [{ ...kubernetesNode("worker-9", { ready: false }), address: "" }];
    expect(await settled({ ...healthy, strangers, kubernetesProblem: "no answer" })).toEqual({
      calls: [],
      lines: [],
    });
  });
});
