import type { ClusterSpec, DiskEncryption } from "./model/cluster-spec";

/** Of clusters that are created without the setting. */
export const defaultDiskEncryption = "node_id" satisfies DiskEncryption;

type Key = Readonly<Record<string, unknown>>;

export interface DiskProps {
  readonly spec: Pick<ClusterSpec, "diskEncryption" | "diskEncryptionKms" | "talosVersion">;
  /** The cluster's passphrase for "static", an expression. */
  readonly passphrase: string;
}

/**
 * Patches that encrypt what Talos writes to a node's disk, with LUKS2: STATE, which has the machine
 * configuration with its keys, and EPHEMERAL, which has etcd, container images and pods' data. They
 * work on the first boot only, when Talos creates both.
 */
export function diskPatches({ spec, passphrase }: DiskProps): object[] {
  const { diskEncryption = defaultDiskEncryption, talosVersion } = spec;
  if (diskEncryption === "none") return [];
  const { state, ephemeral } = keys(diskEncryption, spec.diskEncryptionKms, passphrase);
  if (talosVersion.minor < 11) {
    const partition = (key: Key) => ({ provider: "luks2", keys: [{ slot: 0, ...key }] });
    return [
      {
        machine: {
          systemDiskEncryption: { state: partition(state), ephemeral: partition(ephemeral) },
        },
      },
    ];
  }
  return [
    volume("STATE", state),
    // Its key opens only together with this machine's STATE.
    volume("EPHEMERAL", { ...ephemeral, lockToState: true }),
  ];
}

function volume(name: string, key: Key): object {
  return {
    apiVersion: "v1alpha1",
    kind: "VolumeConfig",
    name,
    encryption: { provider: "luks2", keys: [{ slot: 0, ...key }] },
  };
}

/** STATE has no passphrase: Talos would keep it, in clear, beside the partition. */
function keys(
  diskEncryption: Exclude<DiskEncryption, "none">,
  endpoint: string | undefined,
  passphrase: string,
): { state: Key; ephemeral: Key } {
  const nodeId = { nodeID: {} };
  switch (diskEncryption) {
    case "node_id":
      return { state: nodeId, ephemeral: nodeId };
    case "static":
      return { state: nodeId, ephemeral: { static: { passphrase } } };
    case "kms":
      return { state: { kms: { endpoint } }, ephemeral: { kms: { endpoint } } };
  }
}
