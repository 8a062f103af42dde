import { UserError } from "../../errors";
import type { ReadState } from "../../tofu/state-file";
import type { ClusterDirectory } from "../cluster/directory";
import { NoConnection, NodeConnection } from "./connection";
import type { KnownNode } from "./observation";

/**
 * For a command that can do nothing without its nodes: works with a connection through their control
 * planes, which is closed after the work.
 * @param nodes At least one control plane among them
 * @throws UserError with the reason where ssh may not log in; what the work throws
 */
export async function withConnection<Result>(
  cluster: ClusterDirectory,
  state: ReadState,
  nodes: readonly KnownNode[],
  work: (connection: NodeConnection) => Promise<Result>,
): Promise<Result> {
  const addresses = nodes.flatMap(({ role, address }) =>
    role === "controlplane" ? [address] : [],
  );
  const connection = await NodeConnection.open(cluster, state, addresses).catch(
    (problem: unknown) => {
      if (!(problem instanceof NoConnection)) throw problem;
      throw new UserError(
        `No node can be asked: ${problem.message}\n\n./openaether doctor says what is wrong on the way there. ` +
          "Then run the same command again.",
      );
    },
  );
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
