import type { CniSpec } from "./cni";

/** What Talos applies at bootstrap, once Kubernetes's API answers. */
export interface Manifest {
  /** Talos applies manifests in the order of their names: "01-flux". */
  readonly name: string;
  /** YAML documents. */
  readonly contents: string;
}

/** All of a cluster's, in their order: the CNI's first, since nothing else starts without it. */
export function manifestsOf({
  cni,
  manifests,
}: {
  readonly cni: CniSpec;
  readonly manifests: readonly Manifest[];
}): readonly Manifest[] {
  const own = cni.name === "cilium" && cni.manifest !== undefined ? [cni.manifest] : [];
  return [...own, ...manifests];
}

/** The spaces before each line of a manifest in a machine configuration. */
const indentation = 12;

/** "- name: " and "contents: |" with their line breaks and indentation. */
const keys = 60;

/** The most bytes that a manifest takes in a machine configuration: as indented lines, or as JSON. */
export function manifestSize({ name, contents }: Manifest): number {
  const lines = contents.split("\n").length;
  const block = Buffer.byteLength(contents) + lines * indentation;
  return keys + name.length + Math.max(block, Buffer.byteLength(JSON.stringify(contents)));
}
