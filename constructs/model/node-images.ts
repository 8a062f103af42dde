import type { TerraformDataSource, TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { TerraformData } from "../terraform-data";

/**
 * Keeps in the state which image the nodes are created from: when the name in tofu.tfvars leads to
 * another image, a plan shows it. Nodes that exist are not touched.
 * @param ids By the zone or region that an image belongs to
 */
export function recordNodeImages(scope: Construct, ids: Readonly<Record<string, string>>): void {
  new TerraformData(new Construct(scope, "node_images"), "ids", { input: ids });
}

/**
 * For the look-up of an image: what it finds must belong to the account. Anybody can publish an image
 * of any name, and the machine that boots it is given its cluster's keys.
 * @param account The data source that tells whose account this is
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
