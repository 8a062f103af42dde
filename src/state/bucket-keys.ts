/** All that is written into a bucket begins so. */
export const keysPrefix = "openaether/";

const stateSuffix = ".tfstate";

/** Where a cluster's state is in its bucket. */
export function stateKey(cluster: string): string {
  return `${keysPrefix}${cluster}${stateSuffix}`;
}

/** Where tofu's lock of it is, while one is held. */
export function lockKey(cluster: string): string {
  return `${stateKey(cluster)}.tflock`;
}

/** Where the record of its last run is: tofu.tfvars and what belongs to it, encrypted. */
export function recordKey(cluster: string): string {
  return `${keysPrefix}${cluster}.record`;
}

/** Where the journal of a run is while it changes the cluster, encrypted. */
export function journalKey(cluster: string): string {
  return `${keysPrefix}${cluster}.journal`;
}

/** The clusters whose states are among these keys. */
export function clustersAmong(keys: readonly string[]): string[] {
  return keys
    .filter((key) => key.startsWith(keysPrefix) && key.endsWith(stateSuffix))
    .map((key) => key.slice(keysPrefix.length, -stateSuffix.length));
}
