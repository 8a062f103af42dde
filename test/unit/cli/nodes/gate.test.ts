import { describe, expect, test } from "@jest/globals";
import type { NodeConnection } from "../../../../src/cli/nodes/connection";
import { GateClosed, unhealthy, waitForGate } from "../../../../src/cli/nodes/gate";
import type {
  KnownNode,
  Observation,
  ObservedKubernetesNode,
  ObservedNode,
  ObservedTalos,
} from "../../../../src/cli/nodes/observation";
import { NoConnection } from "../../../../src/cli/nodes/connection";
import { observationOf as observed, observedNode } from "../../../support/observed";

const controlPlane = (index: number) => observedNode(`control-plane-${index}`);
const worker = (index: number, talos: Partial<ObservedTalos> = {}) => {
  const node = observedNode(`worker-${index}`);
  return { ...node, talos: { ...node.talos!, ...talos } };
};
const inKubernetes = (node: ObservedNode, changes: Partial<ObservedKubernetesNode>) => ({
  ...node,
  kubernetes: { ...node.kubernetes!, ...changes },
});

const nodes = [controlPlane(0), controlPlane(1), controlPlane(2), worker(0)];
const healthy = observed(nodes);
const [first, ...others] = healthy.members;

const etcdOf = (leader: string, errors: string[] = []) => ({
  ...controlPlane(1),
  etcd: { ...controlPlane(1).etcd!, leader, errors },
});

describe("a healthy cluster", () => {
  test("has nothing against it", () => {
    expect(unhealthy(healthy)).toEqual([]);
  });

  const cases: readonly (readonly [string, Observation, string])[] = [
    [
      "a member that has not started",
      { ...healthy, members: [{ ...first!, hostname: "" }, ...others] },
      "etcd: member 1 (172.16.4.4) has not started",
    ],
    [
      "a learner",
      { ...healthy, members: [{ ...first!, isLearner: true }, ...others] },
      "etcd: prod-control-plane-0 is a learner, not a voting member yet",
    ],
    [
      "a member without a node",
      { ...healthy, members: [...healthy.members, { ...first!, id: "9", address: "172.16.4.9" }] },
      "etcd: prod-control-plane-0 (172.16.4.9) is none of the nodes",
    ],
    ["a full etcd", { ...healthy, alarms: ["NOSPACE"] }, "etcd: alarm NOSPACE"],
    [
      "members that differ",
      { ...healthy, disagreeing: ["control-plane-2"] },
      "etcd: control-plane-2 knows other members",
    ],
    [
      "two leaders",
      observed([controlPlane(0), etcdOf("2")]),
      "etcd: the members do not agree on a leader",
    ],
    ["no leader", observed([controlPlane(0), etcdOf("0")]), "etcd: no leader"],
    [
      "an error of a member's",
      observed([controlPlane(0), etcdOf("1", ["corrupt"])]),
      "etcd: control-plane-1: corrupt",
    ],
    ["an etcd that is silent", { ...healthy, members: [] }, "etcd does not answer"],
    [
      "a Kubernetes that is silent",
      { ...healthy, kubernetesProblem: "connect ECONNREFUSED" },
      "Kubernetes does not answer: connect ECONNREFUSED",
    ],
    [
      "an API server that is not ready",
      observed([{ ...controlPlane(0), apiReady: false }]),
      "control-plane-0: its API server is not ready",
    ],
    [
      "a cordoned node",
      observed([controlPlane(0), inKubernetes(worker(0), { cordoned: true })]),
      "worker-0: cordoned",
    ],
    [
      "a node that is not Ready",
      observed([controlPlane(0), inKubernetes(worker(0), { ready: false })]),
      "worker-0: not Ready in Kubernetes",
    ],
    [
      "a node that Kubernetes does not know",
      observed([controlPlane(0), { ...worker(0), kubernetes: undefined }]),
      "worker-0: Kubernetes does not know it",
    ],
    [
      "a node that boots",
      observed([
        controlPlane(0),
        worker(0, { status: { stage: "booting", ready: false, unmet: [] } }),
      ]),
      "worker-0: it is booting",
    ],
    [
      "a service that is not healthy",
      observed([
        controlPlane(0),
        worker(0, {
          status: { stage: "running", ready: false, unmet: ["services: kubelet not healthy"] },
        }),
      ]),
      "worker-0: not ready: services: kubelet not healthy",
    ],
    [
      "a node that does not answer",
      observed([controlPlane(0), { ...worker(0), talos: undefined, problem: "no route to host" }]),
      "worker-0: Talos does not answer: no route to host",
    ],
    [
      "a static pod that is not ready",
      {
        ...healthy,
        components: [
          { name: "kube-scheduler", node: "172.16.4.5", version: "v1.36.3", ready: false },
        ],
      },
      "control-plane-1: kube-scheduler is not ready",
    ],
  ];
  test.each(cases)("does not have %s", (_, observation, problem) => {
    expect(unhealthy(observation)).toContain(problem);
  });

  test("may have a node that is worked on", () => {
    const cordoned = observed([...nodes.slice(0, 3), inKubernetes(worker(0), { cordoned: true })]);
    expect(unhealthy(cordoned, ["worker-0"])).toEqual([]);
  });
});

const silentNode: KnownNode = {
  name: "control-plane-0",
  address: "172.16.4.4",
  role: "controlplane",
};

/** No answer comes: every observation is as bad as it can be. */
function silent(): NodeConnection {
  return {
    controlPlanes: ["172.16.4.4"],
    node: () => Promise.reject(new NoConnection("No control plane's Talos answers.")),
    kubernetes: () =>
      Promise.resolve({
        call: () => Promise.reject(new Error("ECONNREFUSED")),
        callAt: () => Promise.reject(new Error("ECONNREFUSED")),
      }),
  } as unknown as NodeConnection;
}

test("a gate that stays closed names each thing that is missing, and reports it once", async () => {
  const told: (readonly string[])[] = [];
  const options = {
    patience: 30,
    between: 5,
    tell: (missing: readonly string[]) => told.push(missing),
  };
  const problem = await waitForGate(silent(), [silentNode], options).catch(
    (error: unknown) => error,
  );
  expect(problem).toBeInstanceOf(GateClosed);
  expect((problem as GateClosed).missing).toEqual([
    "etcd does not answer",
    "Kubernetes does not answer: ECONNREFUSED",
    "control-plane-0: Talos does not answer: No control plane's Talos answers.",
    "control-plane-0: its API server is not ready",
  ]);
  expect(told).toHaveLength(1);
});
