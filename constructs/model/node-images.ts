import type { TerraformDataSource, TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { TerraformData } from "../terraform-data";

/**
 * Records in the state which image the nodes are created from: a plan shows when the name in
 * tofu.tfvars resolves to another image. Existing nodes are not changed.
 * @param ids By the zone or region that an image belongs to
 */
export function recordNodeImages(scope: Construct, ids: Readonly<Record<string, string>>): void {
  new TerraformData(new Construct(scope, "node_images"), "ids", { input: ids });
}

/**
 * A postcondition of an image's data source: the image must belong to the account. Anyone can
 * publish an image of any name, and a machine booted from it gets the cluster's keys.
 * @param account The data source that returns the account
 * @param owner The attribute of the image with its owner
 * @param own The attribute of the account that must be equal
 */
export function ownedBy(
  account: TerraformDataSource,
  owner: string,
  own: string,
): TerraformResourceLifecycle {
  const expected = `data.${account.terraformResourceType}.${account.friendlyUniqueId}.${own}`;
  return {
    postcondition: [
      {
        condition: `\${self.${owner} == ${expected}}`,
        errorMessage:
          `The image \${self.id} belongs to \${self.${owner}}, not to this account ` +
          `(\${${expected}}). Import the Talos image into it, or name yours by image_id.`,
      },
    ],
  };
}
