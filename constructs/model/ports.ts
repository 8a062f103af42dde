/** Talos's API (apid). */
export const talosPort = 50000;
/** Kubernetes's API. */
export const kubernetesPort = 6443;
export const sshPort = 22;
