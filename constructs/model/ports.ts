/**
 * The ports of a cluster, defined only here: Talos, Kubernetes and etcd fix them, and rules,
 * firewalls, tunnels and messages must agree on them. All are TCP except where it says UDP.
 */

/** The bastion's SSH server. */
export const sshPort = 22;
/** Talos's API, apid, on every node. */
export const talosPort = 50000;
/** Talos's trustd on control planes, which issues the nodes' certificates. */
export const trustdPort = 50001;
/** Kubernetes's API: of the load balancer and of every control plane. */
export const kubernetesPort = 6443;
/** The kubelet's API on every node: logs, `exec`, metrics. */
export const kubeletPort = 10250;
/** etcd on control planes: for the API server, and between members. */
export const etcdClientPort = 2379;
export const etcdPeerPort = 2380;
/** UDP: Flannel's overlay, the pods' network between nodes. */
export const vxlanPort = 4789;
/** UDP: Cilium's overlay, with VXLAN or with Geneve. */
export const ciliumVxlanPort = 8472;
export const ciliumGenevePort = 6081;
/** UDP: Cilium's encryption between nodes. */
export const ciliumWireguardPort = 51871;
/** Cilium's checks of other nodes' health. */
export const ciliumHealthPort = 4240;
/** Hubble on every node, which its relay, a pod, asks. */
export const ciliumHubblePort = 4244;
