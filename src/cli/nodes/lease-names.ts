/** The lease in kube-system that is held while nodes are worked on. */
export const leaseName = "openaether";
/** The note on it that an upgrade of Talos leaves until what Talos deploys was brought up to date. */
export const manifestsDue = "openaether.io/manifests-due";
