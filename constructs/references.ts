import type { TerraformResource } from "cdktf";

/**
 * A resource's id, as `replace_triggered_by` wants it written. Of the whole resource, an update in
 * place would count as a change.
 */
export function idReference(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}.id`;
}
