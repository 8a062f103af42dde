import { join } from "node:path";
import { Spool } from "../../backup/spool";
import { reasonOf, UserError } from "../../errors";
import { systemMessage } from "../../system-error";
import { wholeSnapshot } from "../../talos/etcd-snapshot";
import type { NodeConnection } from "../nodes/connection";
import type { KnownNode } from "../nodes/observation";

/** A snapshot of etcd, and what its member said. */
export interface TakenSnapshot {
  readonly spool: Spool;
  /** "control-plane-1" */
  readonly member: string;
  /** "v1.14.1" */
  readonly talos: string;
  /** The machine configuration of that member, with every secret. */
  readonly configuration: string;
  readonly alarms: readonly string[];
}

/** A member that answers. */
interface Member {
  readonly node: KnownNode;
  readonly isLeader: boolean;
  readonly errors: readonly string[];
}

/**
 * Takes a snapshot from a member that does not lead, where there is one; of one that reports errors only
 * where no other answers.
 * @param controlPlanes Those whose machine exists
 * @throws UserError where none answers, or what it sends is not whole
 */
export async function takeSnapshot(
  connection: NodeConnection,
  controlPlanes: readonly KnownNode[],
  scratch: string,
): Promise<TakenSnapshot> {
  const answers = await Promise.all(controlPlanes.map((node) => ask(connection, node)));
  const members = answers.filter((answer): answer is Member => !(answer instanceof Error));
  const [source] = members.sort(
    (one, other) =>
      one.errors.length - other.errors.length || Number(one.isLeader) - Number(other.isLeader),
  );
  if (source === undefined) {
    const reasons = controlPlanes.map(
      ({ name }, index) => `  ${name}: ${reasonOf(answers[index])}`,
    );
    throw new UserError(
      `No member of etcd answers: there is nothing to back up.\n\n${reasons.join("\n")}`,
    );
  }
  const { name, address } = source.node;
  const node = await connection.node(address);
  const [talos, configuration, alarms] = await Promise.all([
    node.version(),
    node.configuration(),
    // Without a quorum etcd lists no alarms; what the member reports itself says so.
    node.alarms().catch(() => source.errors),
  ]);
  try {
    const spool = await Spool.of(wholeSnapshot(node.snapshot()), join(scratch, "etcd.spool"));
    return { spool, member: name, talos, configuration, alarms };
  } catch (error) {
    const disk = systemMessage(error);
    if (disk !== undefined) {
      throw new UserError(`The snapshot of etcd found no place in ${scratch}. ${disk}`);
    }
    throw new UserError(
      `The snapshot of etcd that ${name} sent is not whole: ${reasonOf(error)}. Nothing was written. ` +
        "Run the same command again.",
    );
  }
}

async function ask(connection: NodeConnection, node: KnownNode): Promise<Member | Error> {
  try {
    const { memberId, leader, errors } = await (await connection.node(node.address)).etcdStatus();
    return { node, isLeader: memberId === leader, errors };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
