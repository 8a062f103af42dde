import type { TerraformResource } from "cdktf";

/**
 * A resource's id, in the form that `replace_triggered_by` expects. A reference to the whole
 * resource would trigger on an update in place, too.
 */
export function idReference(resource: TerraformResource): string {
  return `${addressOf(resource)}.id`;
}

/** A resource's address within its module: "null_resource.tunnel". */
export function addressOf(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}
