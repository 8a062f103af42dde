import { ClusterDirectory } from "../../cluster/directory";
import { describedReplica } from "../../cluster/replica";
import type { DoctorContext } from "../context";
import { type Finding, ok, warning } from "../finding";

/** Whether the replica has the state as it is. */
export async function replica({ home, varFile, state }: DoctorContext): Promise<Finding[]> {
  const cluster = ClusterDirectory.present({ dir: home, file: varFile });
  const isApplied = state !== undefined || cluster?.bucket !== undefined;
  if (cluster?.replica === undefined || !isApplied) return [];
  const { isCurrent, text } = await describedReplica(cluster, cluster.replica);
  return [isCurrent ? ok("replica", text) : warning("replica", text, "./openaether up")];
}
