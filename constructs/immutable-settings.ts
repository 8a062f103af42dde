import { Construct } from "constructs";
import type { ClusterSpec } from "./model/cluster-spec";
import { immutableValues, unrecordedValues } from "./model/immutable";
import { addressOf } from "./references";
import { defaultDiskEncryption } from "./talos-disks";
import { literal } from "./template";
import { TerraformData } from "./terraform-data";

export interface ImmutableSettingsProps {
  readonly spec: ClusterSpec;
  /** Where the specification comes from: "tofu.tfvars". @default "the configuration" */
  readonly source?: string;
}

/** The value of the first apply, as an expression. */
function recordedOf(name: string): string {
  const value = unrecordedValues[name];
  return value === undefined ? `self.output.${name}` : `try(self.output.${name}, "${value}")`;
}

/**
 * The immutable settings of a cluster: a change would replace its network or the address that every
 * node has, and with it the cluster. The first apply records them; every later plan compares, and
 * refuses a difference before anything happens.
 */
export class ImmutableSettings extends Construct {
  readonly record: TerraformData;
  /** What the cluster's disks are encrypted with, as an expression: "none" where it was created before there was such a setting. */
  readonly diskEncryption: string;

  constructor(scope: Construct, id: string, props: ImmutableSettingsProps) {
    super(scope, id);
    const { spec, source = "the configuration" } = props;
    const immutable = immutableValues(spec);
    const comparisons = [
      ...Object.entries(immutable).map(([name, value]) => ({
        name,
        value,
        recorded: recordedOf(name),
      })),
      encryptionComparison(spec),
    ];
    this.record = new TerraformData(this, "data", {
      input: { ...immutable, disk_encryption: spec.diskEncryption ?? defaultDiskEncryption },
      lifecycle: {
        ignoreChanges: ["input"],
        postcondition: comparisons.map(({ name, value, recorded }) => ({
          condition: `\${${recorded} == ${literal(JSON.stringify(value))}}`,
          errorMessage:
            `${name} cannot change: this cluster was created with \${${recorded}}, ${source} ` +
            `now says ${literal(value)}. Restore it, or create a second cluster${props.source === undefined ? "" : " in its own directory"}, ` +
            "move to it, and destroy this one last.",
        })),
      },
    });
    this.diskEncryption = `try(${addressOf(this.record)}.output.disk_encryption, "none")`;
  }
}

/**
 * Clusters that were created before there was such a setting have no record of it: their disks are
 * not encrypted, and they keep that unless the setting is given.
 */
function encryptionComparison({ diskEncryption }: ClusterSpec) {
  const unrecorded = diskEncryption === undefined ? defaultDiskEncryption : "none";
  return {
    name: "disk_encryption",
    value: diskEncryption ?? defaultDiskEncryption,
    recorded: `try(self.output.disk_encryption, "${unrecorded}")`,
  };
}
