import { DataOpenstackComputeFlavorV2 } from "#bindings/openstack/lib/data-openstack-compute-flavor-v2";
import type { Construct } from "constructs";
import type { Role } from "../../constructs/model/cluster-spec";
import { literal } from "../../constructs/template";

/** OVH's memory per GB, in MB: it counts 1000, so a "4 GB" flavor has less than 4 GiB. */
const leastMemoryMb: Readonly<Record<Role | "bastion", number>> = {
  controlplane: 4000,
  worker: 2000,
  bastion: 1000,
};
/** What Talos needs. */
const leastDiskGb = 10;

export interface FlavorProps {
  /** "b3-8" */
  readonly name: string;
  /** The machine that needs so much memory. */
  readonly role: Role | "bastion";
}

/** Reads a flavor in the plan, which fails when it does not exist or is too small for the role. */
export function flavor(
  scope: Construct,
  { name, role }: FlavorProps,
): DataOpenstackComputeFlavorV2 {
  const memory = leastMemoryMb[role];
  return new DataOpenstackComputeFlavorV2(scope, "flavor", {
    name: literal(name),
    lifecycle: {
      postcondition: [
        {
          condition: `\${self.ram >= ${memory} && self.disk >= ${leastDiskGb}}`,
          errorMessage:
            `${literal(name)} has \${self.ram} MB of memory and a disk of \${self.disk} GB; ` +
            `${memory} MB and ${leastDiskGb} GB are needed. Take a larger one, and run synth again.`,
        },
      ],
    },
  });
}
