import { reasonOf } from "../../errors";
import type { KubernetesClient } from "../../kubernetes/client";
import { leaseNote } from "../../kubernetes/lease";
import { cordonAnnotation, listComponents, listNodes } from "../../kubernetes/nodes";
import {
  internalAddress,
  isReady,
  type NodeObject,
  type PodObject,
} from "../../kubernetes/objects";
import type { EtcdMember, EtcdStatus } from "../../talos/node";
import type { NodeConnection } from "./connection";
import { leaseName, manifestsDue } from "./lease-names";
import type {
  KnownNode,
  Observation,
  ObservedComponent,
  ObservedKubernetesNode,
  ObservedNode,
  ObservedTalos,
} from "./observation";

/** Asks every node, etcd and Kubernetes at once; changes nothing. What does not answer is reported. */
export async function observe(
  connection: NodeConnection,
  known: readonly KnownNode[],
): Promise<Observation> {
  const [talos, etcd, kubernetes, readyApis] = await Promise.all([
    Promise.all(known.map((node) => askTalos(connection, node))),
    askEtcd(connection, known),
    askKubernetes(connection),
    askReadyApis(connection),
  ]);
  const nodes = known.map((node, index): ObservedNode => {
    const found = kubernetes.nodes.find((one) => internalAddress(one) === node.address);
    return {
      ...node,
      ...talos[index],
      ...(found === undefined ? {} : { kubernetes: observedNode(found) }),
      ...(etcd.statuses.has(node.address) ? { etcd: etcd.statuses.get(node.address) } : {}),
      ...(node.role === "controlplane" ? { apiReady: readyApis.includes(node.address) } : {}),
    };
  });
  const addresses = known.map(({ address }) => address);
  return {
    nodes,
    members: etcd.members,
    disagreeing: etcd.disagreeing,
    alarms: etcd.alarms,
    components: kubernetes.components,
    strangers: kubernetes.nodes
      .map((node) => ({ ...observedNode(node), address: internalAddress(node) ?? "" }))
      .filter(({ address }) => !addresses.includes(address)),
    ...(kubernetes.areManifestsDue === undefined ? {} : { areManifestsDue: true }),
    ...(kubernetes.problem === undefined ? {} : { kubernetesProblem: kubernetes.problem }),
  };
}

async function askTalos(
  connection: NodeConnection,
  { address }: KnownNode,
): Promise<{ talos?: ObservedTalos; problem?: string }> {
  try {
    const node = await connection.node(address);
    const [version, bootId, status, configuration] = await Promise.all([
      node.version(),
      node.bootId(),
      node.machineStatus(),
      node.configuration(),
    ]);
    return { talos: { version, bootId, status, configuration } };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

interface Etcd {
  readonly members: readonly EtcdMember[];
  readonly disagreeing: readonly string[];
  readonly alarms: readonly string[];
  /** By the address of the node. */
  readonly statuses: ReadonlyMap<string, EtcdStatus>;
}

async function askEtcd(connection: NodeConnection, known: readonly KnownNode[]): Promise<Etcd> {
  const answers = await Promise.all(
    known
      .filter(({ role }) => role === "controlplane")
      .map(async ({ name, address }) => {
        try {
          const node = await connection.node(address);
          const [members, status, alarms] = await Promise.all([
            node.members(),
            node.etcdStatus(),
            node.alarms().catch(() => []),
          ]);
          return { name, address, members, status, alarms };
        } catch {
          return undefined;
        }
      }),
  );
  const all = answers.filter((answer) => answer !== undefined);
  const list = (members: readonly EtcdMember[]) =>
    members
      .map(({ id }) => id)
      .sort()
      .join();
  const members = all[0]?.members ?? [];
  return {
    members,
    disagreeing: all.flatMap((one) => (list(one.members) === list(members) ? [] : [one.name])),
    alarms: [...new Set(all.flatMap(({ alarms }) => alarms))],
    statuses: new Map(all.map(({ address, status }) => [address, status])),
  };
}

interface Kubernetes {
  readonly areManifestsDue?: true;
  readonly nodes: readonly NodeObject[];
  readonly components: readonly ObservedComponent[];
  readonly problem?: string;
}

async function askKubernetes(connection: NodeConnection): Promise<Kubernetes> {
  try {
    const client: KubernetesClient = await connection.kubernetes();
    const [nodes, pods, note] = await Promise.all([
      listNodes(client),
      listComponents(client),
      leaseNote(client, leaseName, manifestsDue),
    ]);
    const areManifestsDue = note === undefined ? {} : { areManifestsDue: true as const };
    return { nodes, components: pods.flatMap(observedComponent), ...areManifestsDue };
  } catch (error) {
    return { nodes: [], components: [], problem: reasonOf(error) };
  }
}

/** @returns addresses of control planes whose own API server is ready */
async function askReadyApis(connection: NodeConnection): Promise<string[]> {
  const client = await connection.kubernetes();
  const ready = await Promise.all(
    connection.controlPlanes.map((address, index) =>
      client.callAt(index, "GET", "/readyz").then(
        () => [address],
        () => [],
      ),
    ),
  );
  return ready.flat();
}

function observedNode(node: NodeObject): ObservedKubernetesNode {
  const { metadata, spec, status } = node;
  return {
    name: metadata.name,
    ready: isReady(node),
    cordoned: spec?.unschedulable === true,
    cordonedFor: metadata.annotations?.[cordonAnnotation],
    kubelet: status?.nodeInfo?.kubeletVersion ?? "",
  };
}

function observedComponent(pod: PodObject): ObservedComponent[] {
  const [container] = pod.spec.containers;
  if (container === undefined) return [];
  const { name, image } = container;
  const version = /:(v[^:@/]+)/.exec(image)?.[1] ?? "";
  return [{ name, node: pod.status?.hostIP ?? "", version, ready: isReady(pod) }];
}
