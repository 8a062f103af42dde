/** What `allow_unsafe_patches` may name: what the docs promise, and a patch could undo. */
export const promises = {
  firewall: "Talos's firewall lets in only what `explain` shows",
  metadata: "no pod reaches the cloud's metadata service",
  private_nodes: "no node has a public address",
  install: "Talos runs from the image's own disk",
  tunnel: "the tunnel's end is in the certificate of Talos's API",
  secrets: "no secret is in cdk.tf.json",
} as const;

export type Promised = keyof typeof promises;
