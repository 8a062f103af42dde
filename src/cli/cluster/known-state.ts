import type { ReadState } from "../../tofu/state-file";
import { refuseTruncatedState } from "./truncated-state";
import type { ClusterDirectory, ClusterOptions } from "./directory";

/**
 * The state, wherever it is kept: a plain file is read without starting tofu and its providers.
 * @throws UserError when it cannot be read
 */
export async function knownState(
  directory: ClusterDirectory,
  options: ClusterOptions,
): Promise<ReadState> {
  const read = directory.localState();
  if (read !== undefined) return read;
  refuseTruncatedState(directory);
  const { Cluster } = await import("./cluster.js");
  const cluster = await Cluster.synthesizedBefore(options, () => undefined);
  return cluster.readState();
}
