/**
 * The ports of a cluster, each written here and nowhere else: Talos, Kubernetes and etcd fix them, and
 * rules, firewalls, tunnels and messages must agree on them. All are TCP but `vxlanPort`.
 */

/** The bastion's SSH server. */
export const sshPort = 22;
/** Talos's API, apid, on every node. */
export const talosPort = 50000;
/** Talos's trustd on control planes, where nodes get their certificates. */
export const trustdPort = 50001;
/** Kubernetes's API: of the load balancer and of every control plane. */
export const kubernetesPort = 6443;
/** The kubelet's API on every node: logs, `exec`, metrics. */
export const kubeletPort = 10250;
/** etcd on control planes: what the API server uses, and what members use among themselves. */
export const etcdClientPort = 2379;
export const etcdPeerPort = 2380;
/** UDP: Flannel's overlay, the pods' network between nodes. */
export const vxlanPort = 4789;
