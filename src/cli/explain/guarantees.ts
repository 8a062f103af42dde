import { cniPorts } from "../../../constructs/model/cni";
import {
  etcdClientPort,
  etcdPeerPort,
  kubeletPort,
  kubernetesPort,
  sshPort,
  talosPort,
  trustdPort,
} from "../../../constructs/model/ports";
import { closesMetadata } from "../../../constructs/closed-metadata";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { cloudInfo } from "../../../providers/info";
import { holds } from "../../../simulator/reachability/filter";
import type { Flow, EndpointKind, DestinationKind } from "../../../simulator/reachability/matrix";
import { internetLink, type Network } from "../../../simulator/reachability/network";
import { isOpened, sourceOf, withVariable } from "./ingress-rules";

/** A guarantee of the README about the network. */
export interface Guarantee {
  readonly title: string;
  /** Whether it is given for this cluster. @default - for every one */
  readonly isGiven?: (spec: ClusterSpec) => boolean;
  /** The violations, one line each. Empty when it holds. */
  readonly broken: (network: Network, flows: readonly Flow[], spec: ClusterSpec) => string[];
}

const etcdPorts: readonly number[] = [etcdClientPort, etcdPeerPort];
/** What a node of either role serves to the others. */
function everyNodesPorts({ cni }: ClusterSpec): readonly number[] {
  return [talosPort, kubeletPort, ...cniPorts(cni).map(({ port }) => port)];
}

const nodes: readonly DestinationKind[] = ["control plane", "worker"];
/** Nodes and their pods. */
const ours: readonly EndpointKind[] = ["control plane", "worker", "pod"];
const inside: readonly EndpointKind[] = ["bastion", ...ours, "neighbour"];

/** The entries from outside, with their ports. */
function isWayIn({ to, service }: Flow): boolean {
  return (
    (to.kind === "bastion, public" && service.port === sshPort) ||
    (to.kind === "load balancer, public" && service.port === kubernetesPort)
  );
}

/** Describes each flow that violates a guarantee. */
function must(reach: boolean, flows: readonly Flow[], applies: (flow: Flow) => boolean): string[] {
  return flows
    .filter((flow) => applies(flow) && flow.trace.reached !== reach)
    .map((flow) => `${describe(flow)}: ${why(flow)}`);
}

/** "worker-0 to control-plane-0 on tcp/50000" */
export function describe({ from, to, service }: Flow): string {
  return `${from.name} to ${to.name} on ${service.protocol}/${service.port}`;
}

/** What allowed it, or what refused it. */
export function why({ trace }: Flow): string {
  if (trace.refusal !== undefined) return `${trace.refusal.why} (${trace.refusal.by})`;
  if (trace.allowedBy.length === 0) return "nothing filters it";
  return withVariable(trace.allowedBy.join(", "));
}

export const guarantees: readonly Guarantee[] = [
  {
    title: "No node has a public address.",
    broken: ({ hosts }) =>
      hosts
        .filter(({ role }) => role !== "bastion")
        .flatMap(({ name, interfaces }) =>
          interfaces
            .filter(({ link, translated }) => link === internetLink || translated !== undefined)
            .map(({ address, translated }) => `${name} has ${translated?.address ?? address}`),
        ),
  },
  {
    title: "From the internet nothing is reached.",
    broken: (_, flows) => must(false, flows, ({ from }) => from.kind === "internet"),
  },
  {
    title: "An admin reaches the bastion (SSH) and the API load balancer, and gets an answer.",
    broken: (_, flows) => [
      // What does not exist is never reached.
      ...(["bastion, public", "load balancer, public"] as const)
        .filter((kind) => !flows.some(({ to }) => to.kind === kind))
        .map((kind) => `there is none: ${kind}`),
      ...must(true, flows, (flow) => flow.from.kind === "admin" && isWayIn(flow)),
    ],
  },
  {
    title: "An admin reaches nothing else.",
    broken: (_, flows) =>
      must(false, flows, (flow) => flow.from.kind === "admin" && !isWayIn(flow)),
  },
  {
    title: "Only Kubernetes's API is behind the load balancer.",
    broken: ({ loadBalancers }) =>
      loadBalancers.flatMap(({ name, listeners }) =>
        listeners
          .flatMap(({ port, backends }) => [port, ...backends.map((backend) => backend.port)])
          .filter((port) => port !== kubernetesPort)
          .map((port) => `${name} has ${port}`),
      ),
  },
  {
    title: "The load balancer has every control plane behind it, and reaches it.",
    broken: ({ hosts, loadBalancers }, flows) => {
      const behind = loadBalancers.flatMap(({ listeners }) =>
        listeners.flatMap(({ backends }) => backends.map(({ address }) => address)),
      );
      return [
        ...hosts
          .filter(({ role, interfaces }) => {
            return (
              role === "control plane" && !interfaces.some((one) => behind.includes(one.address))
            );
          })
          .map(({ name }) => `${name} is not behind it`),
        ...must(true, flows, ({ from, to, service }) => {
          const isApi = to.kind === "control plane" && service.port === kubernetesPort;
          return from.kind === "load balancer" && isApi;
        }),
      ];
    },
  },
  {
    title: "Every node, and every pod, reaches the API by its public address and without it.",
    broken: (_, flows) =>
      must(true, flows, ({ from, to, service }) => {
        const isApi = to.kind === "load balancer, public" || to.kind === "control plane";
        const isOurs = ours.includes(from.kind);
        return isOurs && isApi && service.port === kubernetesPort;
      }),
  },
  {
    title: "Nodes go out through the NAT gateway, and only there.",
    broken: ({ links }, flows) => {
      const gateways = links.flatMap(({ gateway }) =>
        gateway?.kind === "nat" ? [gateway.by] : [],
      );
      const out = flows.filter(
        ({ from, to }) => ours.includes(from.kind) && to.kind === "internet",
      );
      const isThroughNat = ({ trace }: Flow) => gateways.includes(trace.translatedBy ?? "");
      return [
        ...must(true, out, () => true),
        ...out
          .filter((flow) => flow.trace.reached && !isThroughNat(flow))
          .map((flow) => `${describe(flow)}: not through the gateway`),
      ];
    },
  },
  {
    title: "The NAT gateway answers no connection.",
    broken: (_, flows) => must(false, flows, ({ to }) => to.kind === "gateway, public"),
  },
  {
    title:
      "The bastion reaches the Talos API of every node, and Kubernetes's of every control plane.",
    broken: (_, flows) =>
      must(true, flows, ({ from, to, service }) => {
        const isTalos = nodes.includes(to.kind) && service.port === talosPort;
        const isApi = to.kind === "control plane" && service.port === kubernetesPort;
        return from.kind === "bastion" && (isTalos || isApi);
      }),
  },
  {
    title:
      "The bastion reaches nothing else on a node: no kubelet, no VXLAN, no trustd and no etcd.",
    broken: (_, flows, spec) =>
      must(false, flows, (flow) => {
        const { from, to, service } = flow;
        const isApi = to.kind === "control plane" && service.port === kubernetesPort;
        const isOther = service.port !== talosPort && !isApi && !isOpened(flow, spec);
        return from.kind === "bastion" && nodes.includes(to.kind) && isOther;
      }),
  },
  {
    title:
      "A neighbour on the network reaches no node, except the API where the load balancer's own address may be.",
    broken: (_, flows, spec) =>
      must(false, flows, (flow) => {
        const { from, to, service } = flow;
        const isApi = to.kind === "control plane" && service.port === kubernetesPort;
        const isException = isApi && holds(spec.ranges.loadBalancer, sourceOf(flow));
        const isNode = nodes.includes(to.kind) && !isException && !isOpened(flow, spec);
        return from.kind === "neighbour" && isNode;
      }),
  },
  {
    title: "No node and no pod reaches the cloud's metadata service.",
    isGiven: (spec) => closesMetadata(spec, cloudInfo[spec.cloud].talos),
    broken: (_, flows) =>
      must(false, flows, ({ from, to }) => ours.includes(from.kind) && to.kind === "metadata"),
  },
  {
    title: "Only an admin logs in to the bastion; no machine of the cluster does.",
    broken: (_, flows) =>
      must(false, flows, ({ from, to, service }) => {
        const isBastion = to.kind === "bastion" || to.kind === "bastion, public";
        const isNode = ours.includes(from.kind);
        return isNode && isBastion && service.port === sshPort;
      }),
  },
  {
    title: "Only control planes reach etcd.",
    broken: (_, flows) =>
      must(false, flows, ({ from, to, service }) => {
        const isEtcd = nodes.includes(to.kind) && etcdPorts.includes(service.port);
        // A pod on another node has that node's source address: it cannot be told apart.
        const isControlPlane =
          from.kind === "control plane" ||
          (from.source.kind === "pod" && from.source.host.role === "control plane");
        return isEtcd && !isControlPlane;
      }),
  },
  {
    title: "Control planes reach one another's etcd.",
    broken: (_, flows) =>
      must(true, flows, ({ from, to, service }) => {
        const isEtcd = to.kind === "control plane" && etcdPorts.includes(service.port);
        return from.kind === "control plane" && isEtcd;
      }),
  },
  {
    title:
      "Nodes reach one another: Talos API, kubelet and the CNI's ports, and trustd of control planes.",
    broken: (_, flows, spec) =>
      must(true, flows, ({ from, to, service }) => {
        const isNode = from.kind === "control plane" || from.kind === "worker";
        const isAny = nodes.includes(to.kind) && everyNodesPorts(spec).includes(service.port);
        const isTrustd = to.kind === "control plane" && service.port === trustdPort;
        return isNode && (isAny || isTrustd);
      }),
  },
  {
    title: "On a node nothing else is reached, from wherever.",
    broken: (_, flows, spec) =>
      must(false, flows, (flow) => {
        const { from, to, service } = flow;
        const open = [...everyNodesPorts(spec), kubernetesPort, trustdPort, ...etcdPorts];
        const isOther = !open.includes(service.port) && !isOpened(flow, spec);
        return inside.includes(from.kind) && nodes.includes(to.kind) && isOther;
      }),
  },
  {
    title: "What ingress_rules opens is reached, from where it says.",
    isGiven: ({ ingressRules = [] }) => ingressRules.length > 0,
    broken: (_, flows, spec) =>
      must(true, flows, (flow) => {
        // A neighbour at a node's address is none to a cloud's security group.
        const isOurs = flow.from.kind !== "neighbour";
        return isOurs && nodes.includes(flow.to.kind) && isOpened(flow, spec);
      }),
  },
  {
    title: "Every machine comes up with its configuration, its address and a way out.",
    broken: ({ hosts }) =>
      hosts.flatMap(({ name, problems = [] }) => problems.map((problem) => `${name}: ${problem}`)),
  },
];
