import { UserError } from "../../errors";
import { drain, DrainBlocked } from "../../kubernetes/drain";
import { cordon, listNodes } from "../../kubernetes/nodes";
import { isReady } from "../../kubernetes/objects";
import { elapsed } from "../../view/elapsed";
import type { NodeSet } from "./node-set";

export interface DrainNodeOptions {
  /** What for: the mark of the cordon. */
  readonly reason: string;
  /** Whether the machine is destroyed afterwards: pods that no controller replaces go too. */
  readonly isFinal: boolean;
  /** In milliseconds, for all pods. */
  readonly patience: number;
  readonly say: (text: string) => void;
}

/**
 * Cordons a node and evicts its pods; nothing where Kubernetes does not know it any more.
 * @throws UserError with the pods that a PodDisruptionBudget holds
 */
export async function drainNode(
  nodes: NodeSet,
  name: string,
  { reason, isFinal, patience, say }: DrainNodeOptions,
): Promise<void> {
  const kubernetes = await (await nodes.connection()).kubernetes();
  const hostname = nodes.hostname(name);
  const object = (await listNodes(kubernetes)).find(({ metadata }) => metadata.name === hostname);
  if (object === undefined) return;
  await cordon(kubernetes, hostname, reason);
  if (!isReady(object)) {
    // Its pods cannot end: they go with its Node object, or with its restart.
    say(`${name} is not Ready: it is not drained.`);
    return;
  }
  try {
    await drain(kubernetes, hostname, { isFinal, patience });
  } catch (problem) {
    if (!(problem instanceof DrainBlocked)) throw problem;
    throw new UserError(
      `${name} could not be drained within ${elapsed(patience)}, and its machine was not touched:\n\n` +
        `${problem.pods.map((pod) => `  ${pod}`).join("\n")}\n\n` +
        "Pods that a PodDisruptionBudget holds need another replica elsewhere first; pods that take long to end, a " +
        "longer --drain-timeout. Then run the same command again.",
    );
  }
}
