import type { TalosPlatform } from "./cloud-info";
import {
  bootstrapNode,
  type ClusterSpec,
  type NodeSpec,
  patchesOf,
  workers,
} from "./model/cluster-spec";
import { manifestSize, manifestsOf } from "./model/manifest";
import { schematicId } from "./model/schematic";
import type { TalosConfigProps } from "./talos-config";
import { diskPatches } from "./talos-disks";
import { hostnames, patches } from "./talos-patches";

/** What the provider renders without a patch: Talos 1.13.9, talos provider 0.11.0, without docs and examples. */
const plainBytes = { controlplane: 11_000, worker: 2_700 };

/**
 * The size of a node's machine configuration in bytes, estimated: our patches as indented JSON,
 * which is never shorter than their YAML, the user's own, and what the provider renders without
 * them.
 */
export function machineConfigurationSize(
  spec: ClusterSpec,
  node: NodeSpec,
  platform: TalosPlatform,
): number {
  const installer = `factory.talos.dev/${platform.name}-installer/${schematicId(spec)}`;
  const withoutManifests = { ...spec, ...noManifests(spec) };
  const own = patches(withoutManifests, node, installer, platform).map((patch) =>
    JSON.stringify(patch, null, 2),
  );
  own.push(hostnames(spec, node).document);
  const disks = diskPatches({ spec, passphrase: "0".repeat(64) });
  own.push(...disks.map((patch) => JSON.stringify(patch, null, 2)));
  const users = patchesOf(spec, node).reduce((sum, { size }) => sum + size, 0);
  const manifests = manifestSizes(spec, node).reduce((sum, { size }) => sum + size, 0);
  return plainBytes[node.role] + Buffer.byteLength(own.join("\n---\n")) + users + manifests;
}

/** A node whose machine configuration exceeds the cloud's limit, and its size in bytes. */
export interface OversizedConfiguration {
  readonly name: string;
  readonly size: number;
  /** What of it is a manifest's, the largest first. */
  readonly manifests: readonly { readonly name: string; readonly size: number }[];
}

/** Checks the first control plane, the first node of each pool, and those with patches of their own: others differ in a few bytes. */
export function oversizedConfigurations({
  spec,
  platform,
  userDataLimit,
}: Pick<TalosConfigProps, "spec" | "platform" | "userDataLimit">): OversizedConfiguration[] {
  const own = spec.configPatches?.nodes ?? {};
  const first = [bootstrapNode(spec), ...workers(spec).filter(({ index }) => index === 0)];
  return spec.nodes
    .filter((node) => first.includes(node) || node.name in own)
    .map((node) => ({
      name: node.name,
      size: machineConfigurationSize(spec, node, platform),
      manifests: manifestSizes(spec, node),
    }))
    .filter(({ size }) => size > userDataLimit);
}

/** They are measured by themselves: their lines are indented. */
function noManifests({ cni }: ClusterSpec): Pick<ClusterSpec, "cni" | "manifests"> {
  return { manifests: [], cni: cni.name === "cilium" ? { name: cni.name, ports: cni.ports } : cni };
}

/** The largest first; none on a worker. */
function manifestSizes(spec: ClusterSpec, { role }: NodeSpec) {
  if (role === "worker") return [];
  return manifestsOf(spec)
    .map((manifest) => ({ name: manifest.name, size: manifestSize(manifest) }))
    .sort((one, other) => other.size - one.size);
}
