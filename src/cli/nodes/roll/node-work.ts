import { setTimeout as pause } from "node:timers/promises";
import { drain, DrainBlocked } from "../../../kubernetes/drain";
import { cordon, uncordon } from "../../../kubernetes/nodes";
import { UserError } from "../../../errors";
import { elapsed } from "../../../view/elapsed";
import type { ObservedNode } from "../observation";
import { repeated } from "../repeated";
import { markText, type Mark } from "./mark";
import type { AnsweringNode } from "./steps";
import type { Work } from "./work";

/**
 * Takes the work off a node before its reboot: cordoned with a mark of ours, drained, etcd's
 * leadership handed over.
 * @throws UserError where a pod stays; the node takes pods again then
 */
export async function empty(work: Work, node: AnsweringNode, what: Mark["work"]): Promise<void> {
  const name = kubernetesName(node);
  const { drain: patience, between } = work.patience;
  try {
    await repeated(async () => {
      const client = await work.connection.kubernetes();
      await cordon(client, name, markText({ work: what, bootId: node.talos.bootId }));
      await drain(client, name, { patience, between });
    });
  } catch (error) {
    if (!(error instanceof DrainBlocked)) throw error;
    await release(work, node);
    throw new UserError(
      `${node.name} could not be drained within ${elapsed(patience)}, and was not rebooted; it takes ` +
        `pods again, and no other node was touched:\n\n` +
        error.pods.map((pod) => `  ${pod}`).join("\n") +
        "\n\nLet the PodDisruptionBudget allow the loss of one pod (kubectl get pdb --all-namespaces), or " +
        "delete the pod, or give it longer with --drain-timeout; then run the same command again.",
    );
  }
  work.report({ step: what, node: node.name, state: "going on", text: "drained" });
  if (node.etcd !== undefined && work.connection.controlPlanes.length > 1) {
    await repeated(async () => {
      await (await work.connection.node(node.address)).forfeitLeadership();
    });
  }
}

/** Lets pods on a node again. The API server of the only control plane starts some time after its Talos. */
export async function release(work: Work, node: ObservedNode): Promise<void> {
  const name = kubernetesName(node);
  await repeated(async () => uncordon(await work.connection.kubernetes(), name));
}

/**
 * Asks a node to reboot; again where no answer came, unless it has booted meanwhile: the answer, the
 * tunnel or the node's power was lost.
 * @returns its boot id before: it may be another one than was seen when the step began
 */
export async function startReboot(
  { connection }: Work,
  { address }: ObservedNode,
): Promise<string> {
  let before: string | undefined;
  await repeated(async () => {
    const node = await connection.node(address);
    const now = await node.bootId();
    before ??= now;
    if (now === before) await node.reboot();
  });
  return before ?? "";
}

/** What a node does after something failed on it: the reason may have been its power. @param bootId Before it */
export async function stateSince(
  { connection }: Work,
  { address }: ObservedNode,
  bootId: string,
): Promise<string> {
  try {
    const node = await connection.node(address);
    if ((await node.bootId()) === bootId) return "It runs as before";
    return `It has booted meanwhile, and runs ${await node.version()}`;
  } catch {
    return "It does not answer now";
  }
}

/** What a node was when it was last seen, while it is waited for. */
export interface Seen {
  /** Whether it has booted again. */
  readonly isNewBoot: boolean;
  /** Whether its Talos answers now. */
  readonly answers: boolean;
  /** "v1.14.1" */
  readonly version?: string;
  /** "booting: services: kubelet not healthy" */
  readonly status?: string;
}

/** A node is not back, or not ready, after the patience. */
export class NotBack extends Error {
  constructor(readonly seen: Seen) {
    super("the node is not back");
  }
}

/**
 * Resolves when a node has booted again and is ready.
 * @param bootId That of the boot before
 * @returns its version
 * @throws NotBack after the patience
 */
export async function waitForBoot(
  { connection, patience: { boot, between } }: Work,
  { address }: ObservedNode,
  bootId: string,
): Promise<string> {
  let seen: Seen = { isNewBoot: false, answers: true };
  for (const end = Date.now() + boot; Date.now() < end;) {
    try {
      const node = await connection.node(address);
      const [now, version, status] = await Promise.all([
        node.bootId(),
        node.version(),
        node.machineStatus(),
      ]);
      const isNewBoot = now !== bootId;
      const isReady = status.stage === "running" && status.ready;
      seen = {
        isNewBoot,
        answers: true,
        version,
        status: [status.stage, ...status.unmet].join(": "),
      };
      if (isNewBoot && isReady) return version;
    } catch {
      seen = { ...seen, answers: false };
    }
    await pause(between);
  }
  throw new NotBack(seen);
}

/** "demo-worker-0" */
export function kubernetesName({ name, kubernetes }: ObservedNode): string {
  if (kubernetes === undefined) {
    throw new UserError(
      `Kubernetes does not know ${name}: it cannot be drained. Nothing was done.`,
    );
  }
  return kubernetes.name;
}

/** Why a node that was rebooted is not back, with the way on. */
export function notBack(work: Work, { name }: ObservedNode, { seen }: NotBack): UserError {
  const time = elapsed(work.patience.boot);
  const rest = "It stays cordoned, and no other node was touched.";
  const again = "Then run the same command again: it goes on with this node.";
  if (!seen.answers) {
    return new UserError(
      `${name} did not come back from its reboot within ${time}. ${rest} Look at its console, and turn ` +
        `the machine off and on there. ${again}`,
    );
  }
  if (!seen.isNewBoot) {
    return new UserError(
      `${name} was told to reboot ${time} ago and did not (${seen.status ?? "no status"}). ${rest} Turn the ` +
        `machine off and on in the cloud's console. ${again}`,
    );
  }
  return new UserError(
    `${name} has booted ${seen.version ?? ""} and is not ready after ${time}: ${seen.status ?? "no status"}. ` +
      `${rest} Its log: talosctl -n <its address> dmesg. Turn the machine off and on in the cloud's ` +
      `console, or go back with talosctl rollback. ${again}`,
  );
}
