import { userDataSize } from "../../../constructs/bastion-cloud-init";
import type { CloudProvider } from "../../../constructs/cloud-provider";
import { type ClusterSpec, patchesOf } from "../../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../../constructs/model/report";
import { oversizedConfigurations } from "../../../constructs/talos-config-size";

/**
 * Reports a machine whose user data the cloud would refuse. It would do so during an apply, and
 * OVHcloud's refusal repeats the user data, with the bastion's private host key or the cluster's
 * keys.
 * @returns whether everything fits
 */
export function checkUserData(spec: ClusterSpec, cloud: CloudProvider, report: Report): boolean {
  const limit = `${cloud.title} takes ${cloud.userDataLimit} at most`;
  const bastion = userDataSize(spec, cloud.bastionSetup);
  const fits = bastion.total <= cloud.userDataLimit;
  if (!fits) {
    const areKeysLarger = bastion.keys >= bastion.addresses;
    report.error(
      areKeysLarger
        ? ["bastion_ssh_keys", cloud.name]
        : ["node_distribution", cloud.name, spec.pools.length > 0 ? "pools" : "workers"],
      `The bastion's user data would have ${bastion.total} bytes; ${limit}. ` +
        (areKeysLarger
          ? `${bastion.keys} of them are these ${spec.bastion.sshKeys.length} keys: use fewer, or Ed25519 keys, which are short.`
          : `${bastion.addresses} of them are addresses of nodes: use fewer workers.`),
    );
  }

  const { talos: platform, userDataLimit } = cloud;
  const tooLarge = oversizedConfigurations({ spec, platform, userDataLimit });
  for (const { name, size, manifests } of tooLarge) {
    const [largest] = manifests;
    const sizes = manifests.map((one) => `${one.name} ${one.size}`).join(", ");
    report.error(
      largest === undefined
        ? ["node_distribution", cloud.name, ...poolPath(spec, name)]
        : manifestPath(spec, largest.name),
      `The machine configuration of ${name} would have ${size} bytes; ${limit}.` +
        (largest === undefined
          ? ""
          : ` Of these, manifests have: ${sizes}. ${wayOn(spec, largest.name)}`) +
        patchesText(spec, name),
    );
  }
  return fits && tooLarge.length === 0;
}

/** What of it are the user's patches, the largest first. */
function patchesText(spec: ClusterSpec, name: string): string {
  const node = spec.nodes.find((one) => one.name === name);
  const found = node === undefined ? [] : patchesOf(spec, node);
  if (found.length === 0) return "";
  const largest = found.toSorted((a, b) => b.size - a.size).slice(0, 3);
  const total = found.reduce((sum, { size }) => sum + size, 0);
  return ` ${total} of them are its ${found.length === 1 ? "patch" : "patches"}: ${largest.map(({ source, size }) => `${source} (${size})`).join(", ")}${found.length > 3 ? "…" : "."}`;
}

function isOfCni({ cni }: ClusterSpec, name: string): boolean {
  return cni.name === "cilium" && cni.manifest?.name === name;
}

function manifestPath(spec: ClusterSpec, name: string): InputPath {
  const index = spec.manifests.findIndex((manifest) => manifest.name === name);
  return isOfCni(spec, name) ? ["cilium_manifest"] : ["manifests", index];
}

function wayOn(spec: ClusterSpec, name: string): string {
  const later = "apply it once the cluster answers: kubectl apply --server-side -f";
  return isOfCni(spec, name)
    ? `Remove cilium_manifest, keep cni, and ${later}.`
    : `Remove the largest, and ${later}.`;
}

/** Its pool's own settings are what makes a worker's configuration large. */
function poolPath({ nodes, pools }: ClusterSpec, name: string): string[] {
  const pool = nodes.find((node) => node.name === name)?.pool;
  return pools.some((one) => one.name === pool) ? ["pools", pool ?? ""] : [];
}
