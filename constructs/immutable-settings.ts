import { Construct } from "constructs";
import type { ClusterSpec } from "./model/cluster-spec";
import { literal } from "./template";
import { TerraformData } from "./terraform-data";

export interface ImmutableSettingsProps {
  readonly spec: ClusterSpec;
  /** Where the specification comes from: "tofu.tfvars". @default "the configuration" */
  readonly source?: string;
}

/**
 * The immutable settings of a cluster: a change would replace its network or the address that every
 * node has, and with it the cluster. The first apply records them; every later plan compares, and
 * refuses a difference before anything happens.
 */
export class ImmutableSettings extends Construct {
  readonly record: TerraformData;

  constructor(scope: Construct, id: string, props: ImmutableSettingsProps) {
    super(scope, id);
    const { spec, source = "the configuration" } = props;
    const immutable = {
      cluster_name: spec.name,
      cloud: spec.cloud,
      network_cidr: spec.network.toString(),
      region: spec.region,
      zone: spec.zone,
    };
    this.record = new TerraformData(this, "data", {
      input: immutable,
      lifecycle: {
        ignoreChanges: ["input"],
        postcondition: Object.entries(immutable).map(([name, value]) => ({
          condition: `\${self.output.${name} == ${literal(JSON.stringify(value))}}`,
          errorMessage:
            `${name} cannot change: this cluster was created with \${self.output.${name}}, ${source} ` +
            `now says ${literal(value)}. Restore it, or create a second cluster${props.source === undefined ? "" : " in its own directory"}, ` +
            "move to it, and destroy this one last.",
        })),
      },
    });
  }
}
