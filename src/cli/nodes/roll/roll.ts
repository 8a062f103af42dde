import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../../errors";
import type { Lease } from "../../../kubernetes/lease";
import { elapsed } from "../../../view/elapsed";
import { beforeEnd } from "../../cluster/before-end";
import { GateClosed, unhealthy, waitForGate } from "../gate";
import { Probe, type ProbeSummary } from "../probe";
import type { Observation, ObservedTalos } from "../observation";
import { observe } from "../observe";
import { repeated } from "../repeated";
import { configure } from "./configure";
import { manifestsDue } from "../lease-names";
import { acquireLock } from "./lock";
import { release } from "./node-work";
import { markOf } from "./mark";
import { saveSnapshot } from "./snapshot";
import { type Step, stepsOf } from "./steps";
import { stepTitle } from "./step-text";
import { upgradeKubernetes } from "./upgrade-kubernetes";
import { upgradeTalos } from "./upgrade-talos";
import { waitForUserGate } from "./user-gate";
import type { Work } from "./work";

export interface RollSummary {
  readonly steps: number;
  /** @default - there was nothing to do, or no load balancer to ask through */
  readonly probe?: ProbeSummary;
}

/**
 * Brings all running nodes to what is wanted, one at a time. Each step follows from what is seen, and
 * after each the cluster must be healthy: so a roll that was interrupted anywhere is gone on with by
 * another one.
 * @throws UserError with the way on
 */
export async function roll(work: Work): Promise<RollSummary> {
  const { connection, api } = work;
  const begun = await firstLook(work);
  const lock = await acquireLock(connection);
  // It ends by itself where the API is away.
  const letGo = () => lock.release().catch(() => undefined);
  const takeBack = beforeEnd(letGo);
  const probe = api === undefined ? undefined : new Probe(api, connection.kubernetesIdentity);
  try {
    // Another run may have changed something until then.
    const steps = await takeSteps(work, lock, await lookAgain(work, begun));
    return { steps, ...(probe === undefined ? {} : { probe: await probe.end() }) };
  } finally {
    await probe?.end();
    await letGo();
    takeBack();
  }
}

/** @returns how many */
async function takeSteps(work: Work, lock: Lease, first: Observation): Promise<number> {
  const taken = new Set<string>();
  let observation = first;
  let hasSnapshot = false;
  for (;;) {
    const [step] = stepsOf(work.wanted, observation);
    if (step === undefined) return taken.size;
    const title = stepTitle(step);
    if (taken.has(title)) throw withoutEffect(title);
    taken.add(title);
    refuseLost(lock);
    const start = Date.now();
    report(work, step, "begun", title);
    if (step.what === "talos") {
      await repeated(() => lock.setNote(manifestsDue, "true"));
      if (!hasSnapshot) {
        const file = await saveSnapshot(work, observation);
        report(work, step, "going on", `snapshot of etcd: ${file}`);
      }
      hasSnapshot = true;
    }
    await take(work, step);
    const isSynced = step.what === "kubernetes" || step.what === "manifests";
    if (isSynced) await repeated(() => lock.setNote(manifestsDue, null));
    observation = await gate(work, title);
    report(work, step, "done", `${title}, ${elapsed(Date.now() - start)}`);
  }
}

async function take(work: Work, step: Step): Promise<void> {
  switch (step.what) {
    case "finish":
      return finish(work, step.node);
    case "configure":
      return configure(work, step);
    case "talos":
      return upgradeTalos(work, step);
    case "kubernetes":
    case "manifests":
      return upgradeKubernetes(work, step.to);
  }
}

function refuseLost({ lostTo }: Lease): void {
  if (lostTo === undefined) return;
  throw new UserError(
    `${lostTo.split(" ")[0] ?? ""} works on the nodes now: this run could not reach the API for a minute and a ` +
      "half. Nothing more is done here; ./openaether plan shows what is left.",
  );
}

/** Ends the cordon of an interrupted run on a node that is as it should be. */
async function finish(work: Work, node: Extract<Step, { what: "finish" }>["node"]): Promise<void> {
  if (markOf(node)?.work === "reboot") {
    // Whatever was staged for a reboot is not wanted any more.
    const api = await work.connection.node(node.address);
    await api.apply(node.talos.configuration, { mode: "NO_REBOOT" });
  }
  await release(work, node);
}

/**
 * Nothing begins on an unhealthy cluster, but an interrupted run is finished: a node that we have
 * cordoned may be away, and is waited for. Where Kubernetes does not answer, it is not known which those
 * are: the only control plane may be booting.
 * @returns names of the nodes that an interrupted run has begun with
 * @throws UserError that names each cause
 */
async function firstLook(work: Work): Promise<readonly string[]> {
  const first = await observe(work.connection, work.known);
  const begun = first.nodes.filter((node) => markOf(node) !== undefined);
  const names = begun.map(({ name }) => name);
  const mayBoot =
    first.kubernetesProblem !== undefined || begun.some(({ talos }) => !isReady(talos));
  try {
    if (mayBoot) await waitForBegun(work, names);
  } catch (error) {
    throw unbegun(error);
  }
  await lookAgain(work, names);
  return names;
}

/** @param begun Names of nodes that need not be well @throws UserError that names each cause */
async function lookAgain(work: Work, begun: readonly string[]): Promise<Observation> {
  try {
    return await healthy(work, work.patience.start, begun);
  } catch (error) {
    throw unbegun(error);
  }
}

function unbegun(error: unknown): unknown {
  if (!(error instanceof GateClosed)) return error;
  return new UserError(
    "The cluster is not healthy, so no node is touched:\n\n" +
      `${error.missing.map((one) => `  ${one}`).join("\n")}\n\n` +
      "When the cause is gone, run the same command again.",
  );
}

/** @throws GateClosed where one of them is not ready in the time that a boot may take */
async function waitForBegun(work: Work, names: readonly string[]): Promise<void> {
  const { connection, known, patience } = work;
  for (const end = Date.now() + patience.boot; ;) {
    const seen = await observe(connection, known);
    const away = seen.nodes.filter(({ name, talos }) => names.includes(name) && !isReady(talos));
    if (away.length === 0 && seen.kubernetesProblem === undefined) return;
    if (Date.now() >= end) throw new GateClosed(unhealthy(seen, work.except));
    await pause(patience.between);
  }
}

/** @throws GateClosed after the patience */
function healthy(
  { connection, known, except, patience: { between } }: Work,
  patience: number,
  names: readonly string[] = [],
): Promise<Observation> {
  return waitForGate(connection, known, { patience, between, except: [...except, ...names] });
}

function isReady(talos: ObservedTalos | undefined): boolean {
  return talos?.status.stage === "running" && talos.status.ready;
}

/** @throws UserError that names what is not well after the patience */
async function gate(work: Work, title: string): Promise<Observation> {
  const { patience } = work;
  try {
    const observation = await healthy(work, patience.gate);
    await waitForUserGate(work, title);
    return observation;
  } catch (error) {
    if (!(error instanceof GateClosed)) throw error;
    throw new UserError(
      `Stopped after "${title}", since the cluster is not healthy ${elapsed(patience.gate)} later; the ` +
        `other nodes were not touched:\n\n${error.missing.map((one) => `  ${one}`).join("\n")}\n\n` +
        "When the cause is gone, run the same command again: it goes on from here.",
    );
  }
}

function withoutEffect(title: string): UserError {
  return new UserError(
    `"${title}" was done, and the node is seen as before: stopped, so that it is not done for ever. ` +
      "Something else may change it. Run ./openaether plan.",
  );
}

function report(
  { report: to }: Work,
  step: Step,
  state: "begun" | "going on" | "done",
  text: string,
): void {
  to({ step: step.what, ...("node" in step ? { node: step.node.name } : {}), state, text });
}
