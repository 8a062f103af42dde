import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { UserError } from "../../../errors";
import { Lease, LeaseHeld, releaseAbandoned } from "../../../kubernetes/lease";
import { commandLineOf } from "../../cluster/processes";
import type { NodeConnection } from "../connection";
import { leaseName } from "../lease-names";

/**
 * Lets one run at a time work on nodes, also of other users and machines: a lease in the cluster.
 * @throws UserError that names who works on them
 */
export async function acquireLock(connection: NodeConnection): Promise<Lease> {
  try {
    return await Lease.acquire(() => connection.kubernetes(), {
      name: leaseName,
      holder: `${user()}@${hostname()} ${process.pid} ${randomUUID().slice(0, 8)}`,
      isGone,
    });
  } catch (error) {
    if (!(error instanceof LeaseHeld)) throw error;
    throw new UserError(
      `${error.holder.split(" ")[0] ?? ""} is working on the nodes of this cluster since ${error.since}: nothing was ` +
        "changed inside them. Wait until that run ends; one that was killed lets go after a minute and a half.",
    );
  }
}

/** Releases what a killed run of this machine still holds. @throws KubernetesError */
export async function releaseAbandonedLock(connection: NodeConnection): Promise<void> {
  await releaseAbandoned(await connection.kubernetes(), { name: leaseName, isGone });
}

/** A run of this machine whose process has ended. */
function isGone(holder: string): boolean {
  const [who = "", processId = ""] = holder.split(" ");
  if (!who.endsWith(`@${hostname()}`)) return false;
  return commandLineOf(Number(processId))?.includes("cli/index.js") !== true;
}

/** A container's user may have no name. */
function user(): string {
  try {
    return userInfo().username;
  } catch {
    return "another user";
  }
}
