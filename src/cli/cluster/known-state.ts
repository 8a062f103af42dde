import { type ReadState, readStateFile } from "../../tofu/state-file";
import { refuseTruncatedState } from "./truncated-state";
import type { ClusterDirectory, ClusterOptions } from "./directory";

/** A plain state beside tofu.tfvars; undefined where tofu has to be asked. */
export function localState({ bucket, home }: ClusterDirectory): ReadState | undefined {
  return bucket === undefined ? readStateFile(home) : undefined;
}

/**
 * The state, wherever it is kept: a plain file is read without starting tofu and its providers.
 * @throws UserError when it cannot be read
 */
export async function knownState(
  directory: ClusterDirectory,
  options: ClusterOptions,
): Promise<ReadState> {
  const read = localState(directory);
  if (read !== undefined) return read;
  refuseTruncatedState(directory);
  const { Cluster } = await import("./cluster.js");
  const cluster = await Cluster.synthesizedBefore(options, () => undefined);
  return cluster.readState();
}
