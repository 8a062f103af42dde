import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { literal } from "../../constructs/template";
import { TerraformData } from "../../constructs/terraform-data";
import { immutableSettingsAddress, immutableSettingsName } from "./addresses";

/**
 * The immutable settings of a cluster: a change would replace its network or the address that every
 * node has, and with it the cluster. The first apply records them; every later plan compares, and
 * refuses a difference before anything happens.
 */
export function immutableSettings(scope: TerraformStack, spec: ClusterSpec): void {
  const immutable = {
    cluster_name: spec.name,
    cloud: spec.cloud,
    network_cidr: spec.network.toString(),
    region: spec.region,
    zone: spec.zone,
  };
  new TerraformData(new Construct(scope, immutableSettingsName), "data", {
    input: immutable,
    lifecycle: {
      ignoreChanges: ["input"],
      precondition: [
        {
          // The state of any other workspace would be in the disposable output directory.
          condition: '${terraform.workspace == "default"}',
          errorMessage:
            "There are no workspaces here: one cluster is one directory. Run tofu workspace select default.",
        },
      ],
      postcondition: Object.entries(immutable).map(([name, value]) => ({
        condition: `\${self.output.${name} == ${literal(JSON.stringify(value))}}`,
        errorMessage:
          `${name} cannot change: this cluster was created with \${self.output.${name}}, tofu.tfvars ` +
          `now says ${literal(value)}. Restore it, or create a second cluster in its own directory, ` +
          "move to it, and destroy this one last.",
      })),
    },
  });
  // Its former name. Clusters of that time are planned without a replacement.
  scope.addOverride("moved", [{ from: "terraform_data.for_life", to: immutableSettingsAddress }]);
}
