import { setTimeout as pause } from "node:timers/promises";
import { TalosError } from "../../../talos/talos-error";
import { reasonOf, UserError } from "../../../errors";
import { elapsed } from "../../../view/elapsed";
import { GateClosed, waitForGate } from "../gate";
import { repeated } from "../repeated";
import { empty, NotBack, notBack, release, startReboot, waitForBoot } from "./node-work";
import type { AnsweringNode, ConfigureStep } from "./steps";
import type { Work } from "./work";

/** Brings one node's configuration to what it should be. @throws UserError with the way on */
export async function configure(work: Work, step: ConfigureStep): Promise<void> {
  const { node, reboots, isRisky } = step;
  if (reboots) {
    await empty(work, node, "reboot");
    // Every minor takes it so: until the reboot, the node is seen to run the one before.
    await apply(work, step, "STAGED");
    await reboot(work, node);
    return;
  }
  if (isRisky) await tryFirst(work, step);
  await apply(work, step, "NO_REBOOT");
}

/** Reboots a drained node, and lets pods on it again. @throws UserError where it is not back */
export async function reboot(work: Work, node: AnsweringNode): Promise<void> {
  const before = await startReboot(work, node);
  work.report({ step: "reboot", node: node.name, state: "going on", text: "reboots" });
  try {
    await waitForBoot(work, node, before);
  } catch (error) {
    throw error instanceof NotBack ? notBack(work, node, error) : error;
  }
  await release(work, node);
}

async function apply(
  { connection }: Work,
  { node, configuration }: ConfigureStep,
  mode: "NO_REBOOT" | "STAGED",
): Promise<void> {
  await repeated(async () => {
    try {
      await (await connection.node(node.address)).apply(configuration, { mode });
    } catch (error) {
      throw refused(node, error);
    }
  });
}

/**
 * Tries a configuration on a node that returns by itself to the one before, unless the whole cluster
 * is healthy over connections that did not exist before. No dry run may come between: up to 1.14.0
 * it would end the trial with the new configuration.
 */
async function tryFirst(work: Work, { node, configuration, paths }: ConfigureStep): Promise<void> {
  const { connection, known, except, patience, report, haste = 1 } = work;
  const end = Date.now() + patience.trial;
  try {
    const tryFor = Math.ceil((patience.trial / 1000) * haste);
    await (await connection.node(node.address)).apply(configuration, { mode: "TRY", tryFor });
  } catch (error) {
    throw refused(node, error);
  }
  report({ step: "configure", node: node.name, state: "going on", text: "tried" });
  let missing: readonly string[];
  try {
    await connection.renew();
    // Half of the time, so that the confirmation is not late.
    const half = patience.trial / 2;
    await waitForGate(connection, known, { patience: half, between: patience.between, except });
    if (await isStillTried(work, node)) return;
    missing = [`${node.name}: it was back to the configuration before within ${elapsed(half)}`];
  } catch (error) {
    missing = error instanceof GateClosed ? error.missing : [reasonOf(error)];
  }
  await pause(Math.max(0, end - Date.now()));
  const state = (await hasReturned(work, node))
    ? "and has returned by itself to the one before"
    : "and does not answer yet: it returns by itself to the one before, or when it is turned off and on";
  throw new UserError(
    `${node.name} was not well with its new configuration, ${state}; no other node was touched:\n\n${missing.map((one) => `  ${one}`).join("\n")}\n\n` +
      `Look at what was changed: ${paths.join(", ")}. Correct it in tofu.tfvars, then run the same ` +
      "command again.",
  );
}

/** Whether the node answers, soon after the end of its trial. */
async function hasReturned({ connection, patience }: Work, { address }: AnsweringNode) {
  for (const end = Date.now() + patience.start; Date.now() < end;) {
    const node = await connection.node(address).catch(() => undefined);
    const version = await node?.version().catch(() => undefined);
    if (version !== undefined) return true;
    await pause(patience.between);
  }
  return false;
}

/** Whether the node has not returned to the configuration before meanwhile. */
async function isStillTried({ connection }: Work, node: AnsweringNode): Promise<boolean> {
  const now = await (await connection.node(node.address)).configuration();
  return now !== node.talos.configuration;
}

function refused(node: AnsweringNode, error: unknown): unknown {
  if (!(error instanceof TalosError) || error.isUnreachable) return error;
  // Talos up to 1.13 adds the difference, which has secrets.
  const [first = ""] = error.message.split("\n");
  return new UserError(
    `${node.name} refuses its configuration: ${first}\n\nNothing on it was changed, and no other node was ` +
      "touched. Correct tofu.tfvars, then run the same command again.",
  );
}
