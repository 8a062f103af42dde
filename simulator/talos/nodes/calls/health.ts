import type { Message } from "../../api/definition";
import { RpcError } from "../../api/rpc-error";
import { runsPrograms, type TalosNode } from "../node";
import { type ApiCall, durationOf, requireControlPlane } from "./call";

/** Between two looks: simulated milliseconds, and real ones at least. */
const GLANCE = { simulated: 1000, real: 20 };

interface Check {
  /** "etcd to be healthy" */
  readonly name: string;
  /** @returns Why it is not so; undefined when it is */
  readonly look: (call: ApiCall, members: readonly TalosNode[]) => Promise<string | undefined>;
}

/** Talos's own checks, in its order; those of Kubernetes need a client that knows the way to its API. */
const CHECKS: readonly Check[] = [
  { name: "etcd to be healthy", look: (call, members) => serviceIsHealthy(call, members, "etcd") },
  { name: "etcd members to be consistent across nodes", look: membersAgree },
  { name: "etcd members to be control plane nodes", look: membersAreControlPlanes },
  { name: "apid to be ready", look: (_, members) => allRun(members) },
  {
    name: "kubelet to be healthy",
    look: (call, members) => serviceIsHealthy(call, members, "kubelet"),
  },
  { name: "all nodes to finish boot sequence", look: (_, members) => allAreReady(members) },
];

/** Looks until all is well, or the time that the request gives is over. */
export async function* healthCheck(call: ApiCall): AsyncIterable<Message> {
  requireControlPlane(call, "cluster health check");
  const { clock, request, signal } = call;
  const end = Date.now() + (durationOf(request.wait_timeout) ?? 0);
  const addresses = membersOf(call).map(({ address }) => `"${address}"`);
  yield { message: `discovered nodes: [${addresses.join(" ")}]` };
  for (const { name, look } of CHECKS) {
    yield { message: `waiting for ${name}: ...` };
    let last = "";
    for (;;) {
      const reason = await look(call, membersOf(call));
      if (reason === undefined) break;
      if (reason !== last) yield { message: `waiting for ${name}: ${reason}` };
      last = reason;
      if (Date.now() > end) throw new RpcError("DeadlineExceeded", "context deadline exceeded");
      await clock.wait(Math.max(GLANCE.simulated, GLANCE.real / (clock.timeScale || 1)), signal);
    }
    yield { message: `waiting for ${name}: OK` };
  }
  yield { message: "Kubernetes is not checked by a simulated node: use --server=false" };
}

function membersOf({ node, nodes }: ApiCall): TalosNode[] {
  const clusterId = node.configuration?.clusterId;
  return nodes().filter(({ configuration }) => configuration?.clusterId === clusterId);
}

function serviceIsHealthy(
  { runtime }: ApiCall,
  members: readonly TalosNode[],
  id: string,
): Promise<string | undefined> {
  const failing = members
    .filter(({ isControlPlane }) => isControlPlane)
    .find((member) => !runsPrograms(member) || runtime.service(member, id)?.healthy === false);
  if (!failing) return Promise.resolve(undefined);
  const state = runsPrograms(failing) ? runtime.service(failing, id)?.state : "Unknown";
  return Promise.resolve(
    `${failing.address}: service "${id}" not in expected state "Running": current state [${state}]`,
  );
}

async function membersAgree(
  { runtime }: ApiCall,
  nodes: readonly TalosNode[],
): Promise<string | undefined> {
  const lists = new Set<string>();
  for (const node of nodes.filter(({ isControlPlane }) => isControlPlane)) {
    try {
      const members = await runtime.etcd.members(node);
      lists.add(
        members
          .map(({ hostname }) => hostname)
          .sort()
          .join(" "),
      );
    } catch (error) {
      return String(error instanceof Error ? error.message : error);
    }
  }
  return lists.size === 1 ? undefined : "etcd member lists differ";
}

async function membersAreControlPlanes(
  { runtime, node }: ApiCall,
  nodes: readonly TalosNode[],
): Promise<string | undefined> {
  const members = await runtime.etcd.members(node);
  const names = members.map(({ hostname }) => hostname).sort();
  const expected = nodes
    .filter(({ isControlPlane }) => isControlPlane)
    .map(({ hostname }) => hostname)
    .sort();
  if (names.join(" ") === expected.join(" ")) return undefined;
  return `etcd member names ${JSON.stringify(names)} are not control plane nodes ${JSON.stringify(expected)}`;
}

function allRun(nodes: readonly TalosNode[]): Promise<string | undefined> {
  const failing = nodes.find((node) => !runsPrograms(node));
  return Promise.resolve(failing && `${failing.address}: service "apid" is not running`);
}

function allAreReady(nodes: readonly TalosNode[]): Promise<string | undefined> {
  const failing = nodes.find(({ stage }) => stage !== "ready");
  return Promise.resolve(failing && `${failing.address}: ${failing.stage}`);
}
