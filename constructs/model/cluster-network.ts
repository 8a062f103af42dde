import type { Cidr } from "./cidr";

/** The network inside a cluster, whose addresses no machine outside of it knows. */
export interface ClusterNetwork {
  /** The pods' addresses; each node gets a /24 of it. */
  readonly podNetwork: Cidr;
  /** The services' addresses. */
  readonly serviceNetwork: Cidr;
  /** What the names of services end with: "cluster.local". */
  readonly clusterDomain: string;
}

/** Talos's own: a machine configuration that says nothing else has these. */
export const talosNetwork = {
  pods: "10.244.0.0/16",
  services: "10.96.0.0/12",
  domain: "cluster.local",
} as const;

/** The prefix length of a node's part of the pods' network: Kubernetes's default. */
export const nodePodPrefix = 24;

/** How many nodes get a part of the pods' network. */
export function mostNodesOf(pods: Cidr): number {
  return 2 ** (nodePodPrefix - pods.prefixLength);
}

/**
 * The part of `cluster.network` that differs from Talos's own.
 * @returns an empty object where nothing does
 */
export function networkSettings({
  podNetwork,
  serviceNetwork,
  clusterDomain,
}: ClusterNetwork): object {
  const [pods, services] = [podNetwork.toString(), serviceNetwork.toString()];
  return {
    ...(pods === talosNetwork.pods ? {} : { podSubnets: [pods] }),
    ...(services === talosNetwork.services ? {} : { serviceSubnets: [services] }),
    ...(clusterDomain === talosNetwork.domain ? {} : { dnsDomain: clusterDomain }),
  };
}
