/** Names that the command line reads in a configuration or a state, without loading cdktf. */

/** The immutable settings: a resource of type terraform_data. */
export const immutableSettingsName = "immutable_settings";

export const immutableSettingsAddress = `terraform_data.${immutableSettingsName}`;

/** The cluster's construct in the app's stack. */
export const clusterId = "management_cluster";

/** The steps of a resource's path in the tree of constructs within the cluster: "compute", "worker_0", "server". */
export function partSteps(path: string): string[] {
  const [, ...steps] = path.split("/");
  return steps[0] === clusterId ? steps.slice(1) : steps;
}
