import { setTimeout as pause } from "node:timers/promises";
import type { Manifest } from "../../backup/manifest";
import type { Spool } from "../../backup/spool";
import { reasonOf, UserError } from "../../errors";
import { TalosError } from "../../talos/talos-error";
import { elapsed } from "../../view/elapsed";
import { readNote } from "../backup/cluster-note";
import type { NodeConnection } from "../nodes/connection";
import { GateClosed, waitForGate } from "../nodes/gate";
import type { KnownNode } from "../nodes/observation";

/** In milliseconds: machines boot, and pull images. */
const patience = 20 * 60_000;
const between = 1000;
/** In bytes, of each message. */
const chunk = 64 * 1024;

export interface Recovery {
  readonly connection: NodeConnection;
  /** The control plane that etcd begins on. */
  readonly node: KnownNode;
  readonly snapshot: Spool;
  readonly say: (text: string) => void;
}

/** The state of a node's etcd, by Talos's names; undefined where it does not answer. */
export async function etcdState(
  connection: NodeConnection,
  { address }: KnownNode,
): Promise<string | undefined> {
  try {
    const services = await (await connection.node(address)).services();
    return services.find(({ id }) => id === "etcd")?.state ?? "";
  } catch {
    return undefined;
  }
}

/**
 * Lets etcd begin on a node with the data of a snapshot. The node's etcd waits to begin; where it runs
 * already, an earlier run has done this.
 * @throws UserError
 */
export async function recoverEtcd({ connection, node, snapshot, say }: Recovery): Promise<void> {
  await until(`etcd of ${node.name} waits to begin`, async () => {
    const state = await etcdState(connection, node);
    return state === "Preparing" || state === "Running";
  });
  if ((await etcdState(connection, node)) === "Running") return;
  say(`Sending the data of etcd to ${node.name}.`);
  try {
    const api = await connection.node(node.address);
    await api.recoverEtcd(snapshot.read({ chunk }) as AsyncIterable<Buffer>);
  } catch (error) {
    // An earlier run has, and its answer was lost.
    if (/data directory is not empty|AlreadyExists/.test(reasonOf(error))) return;
    if (!(error instanceof TalosError)) throw error;
    throw new UserError(
      `${node.name} did not take the data: ${error.message}. Run the same command again.`,
    );
  }
}

/**
 * Waits until Kubernetes answers from the restored data.
 * @throws UserError where the data is another one
 */
export async function untilRestored(
  connection: NodeConnection,
  { id, etcd }: Pick<Manifest, "id" | "etcd">,
): Promise<void> {
  let found: string | undefined;
  await until("the Kubernetes API answers", async () => {
    try {
      found = (await readNote(await connection.kubernetes()))?.backup;
      return true;
    } catch {
      // An API server that is starting refuses for a while.
      return false;
    }
  });
  // Without a revision no note was written.
  if (found === id || etcd.revision === undefined) return;
  throw new UserError(
    `Kubernetes answers, and its data is not that of the backup: its note names ${found ?? "none"}. etcd began ` +
      "otherwise than by this restore. Destroy this cluster, and begin the restore again:\n\n  ./openaether down",
  );
}

/** Waits until every node has joined. @throws UserError with what is missing */
export async function untilWell(
  connection: NodeConnection,
  nodes: readonly KnownNode[],
  say: (text: string) => void,
): Promise<void> {
  try {
    await waitForGate(connection, nodes, {
      patience,
      tell: ([first = "", ...others]) => {
        say(`  not yet: ${first}${others.length === 0 ? "" : ` (and ${others.length} more)`}`);
      },
    });
  } catch (problem) {
    if (!(problem instanceof GateClosed)) throw problem;
    throw new UserError(
      `The data is restored, and the cluster is not well: ${problem.message}. Run the same command again.`,
    );
  }
}

/** @param what "etcd of control-plane-0 waits to begin". @throws UserError after the patience */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patience; !(await isSo());) {
    if (Date.now() >= end) {
      throw new UserError(
        `After ${elapsed(patience)} it is still not so that ${what}. Look at the consoles of the machines, then run ` +
          "the same command again.",
      );
    }
    await pause(between);
  }
}
