import { Version } from "../../constructs/model/version";
import type { Observation, ObservedNode } from "../../src/cli/nodes/observation";
import type { Wanted } from "../../src/cli/nodes/wanted";

/** The configuration of a node, as far as the tests look at it. */
export function configurationOf(
  { talos = "v1.14.1", kubernetes = "v1.37.1", schematic = "a" } = {},
  more = "",
): string {
  return `machine:
  type: worker
  token: abcdef.0123456789abcdef
  install: { image: "factory.talos.dev/openstack-installer/${schematic.repeat(64)}:${talos}" }
  kubelet: { image: "ghcr.io/siderolabs/kubelet:${kubernetes}" }
${more}`;
}

/** A healthy node; control planes are those of that name. */
export function observedNode(name: string, changes: Partial<ObservedNode> = {}): ObservedNode {
  const isControlPlane = name.startsWith("control-plane");
  const index = Number(name.at(-1));
  const id = String(index + 1);
  return {
    name,
    address: isControlPlane ? `172.16.4.${4 + index}` : `172.16.5.${4 + index}`,
    role: isControlPlane ? "controlplane" : "worker",
    talos: {
      version: "v1.14.1",
      bootId: `boot-${name}`,
      status: { stage: "running", ready: true, unmet: [] },
      configuration: configurationOf(),
    },
    kubernetes: {
      name: `prod-${name}`,
      ready: true,
      cordoned: false,
      cordonedFor: undefined,
      kubelet: "v1.37.1",
    },
    ...(isControlPlane
      ? {
          apiReady: true,
          etcd: {
            memberId: id,
            leader: "1",
            isLearner: false,
            errors: [],
            size: 1,
            sizeInUse: 1,
          },
        }
      : {}),
    ...changes,
  };
}

/** A healthy cluster of these nodes, whose first control plane leads etcd. */
export function observationOf(
  nodes: readonly ObservedNode[],
  changes: Partial<Observation> = {},
): Observation {
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane");
  return {
    nodes,
    members: controlPlanes.map(({ name, address, etcd }) => ({
      id: etcd?.memberId ?? "0",
      hostname: `prod-${name}`,
      address,
      isLearner: false,
    })),
    disagreeing: [],
    alarms: [],
    components: controlPlanes.flatMap(({ address, kubernetes }) =>
      ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((name) => ({
        name,
        node: address,
        version: kubernetes?.kubelet ?? "",
        ready: true,
      })),
    ),
    strangers: [],
    ...changes,
  };
}

/** All of these nodes with these versions, and this configuration besides. */
export function wantedOf(
  nodes: readonly ObservedNode[],
  versions: { talos?: string; kubernetes?: string; schematic?: string } = {},
  more = "",
): Wanted {
  const { talos = "v1.14.1", kubernetes = "v1.37.1" } = versions;
  return {
    nodes: nodes.map(({ name, address, role }) => ({
      name,
      address,
      role,
      configuration: configurationOf(versions, more),
    })),
    talos: Version.parse(talos)!,
    kubernetes: Version.parse(kubernetes)!,
  };
}
