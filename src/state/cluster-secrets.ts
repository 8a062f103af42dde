import type { ReadState } from "../tofu/state-file";

/** The resource whose attribute of this name contains every secret of the cluster. */
export const secretsAddress = "talos_machine_secrets.talos_config";
export const secretsAttribute = "machine_secrets";

/** The cluster's own secrets; undefined where the state has none. */
export function secretsIn({ resources }: ReadState): unknown {
  return resources.find(({ address }) => address === secretsAddress)?.values[secretsAttribute];
}
