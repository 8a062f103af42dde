import { randomUUID } from "node:crypto";

import type { Clock } from "../../clock";
import type { Life, MachineStage } from "./life";

/** A phase of a sequence, and its one task. */
export interface Step {
  readonly phase: string;
  readonly task: string;
  /** Simulated milliseconds. @default 200 */
  readonly duration?: number;
  readonly run?: () => Promise<void> | void;
}

export interface Sequence {
  /** "reboot" */
  readonly name: string;
  readonly stage: MachineStage;
  readonly steps: readonly Step[];
  /** What happens when all steps are done: the machine goes down. */
  readonly end: () => void;
  /** A step failed: the machine goes on as before. */
  readonly failed?: () => void;
}

const step = (phase: string, task: string, duration = 200): Step => ({ phase, task, duration });

/** Stops what runs on a node, in Talos's order (1.14). */
export const STOP_EVERYTHING: readonly Step[] = [
  step("denyNewServices", "denyNewServices"),
  step("stopContainers", "teardownContainerLifecycle"),
  step("stopServices", "stopServicesEphemeral", 3000),
  step("umount", "unmountPodMounts"),
  step("unmountBind", "unmountSystemDiskBindMounts"),
  step("unmountSystem", "unmountEphemeralPartition"),
  step("volumeFinalize", "teardownVolumeLifecycle"),
  step("stopEverything", "stopAllServices", 2000),
];
export const STOP_PODS = step("cleanup", "stopAllPods", 4000);
export const REMOVE_PODS = step("cleanup", "removeAllPods", 4000);
export const DRAIN = step("drain", "cordonAndDrainNode", 5000);
export const BEFORE_SHUTDOWN: readonly Step[] = [
  step("preShutdown", "preShutdownServices"),
  step("dbus", "stopDBus"),
];
export const KEXEC = step("kexec", "kexecPrepare", 1000);

/**
 * Runs a sequence on a machine, with its events; returns at once.
 *
 * @returns The actor's id, which its events repeat.
 */
export function startSequence(life: Life, clock: Clock, sequence: Sequence): string {
  const actor = randomUUID();
  void run(life, clock, sequence, actor);
  return actor;
}

async function run(
  life: Life,
  clock: Clock,
  { name, stage, steps, end, failed }: Sequence,
  actor: string,
): Promise<void> {
  const { down, events } = life;
  const isDown = () => down.aborted;
  const tell = (action: string, error?: object) => {
    events.publish("machine.SequenceEvent", { sequence: name, action, error }, actor);
  };
  if (life.activity !== undefined) {
    tell("NOOP", { code: "LOCKED", message: "locked" });
    return;
  }
  life.activity = stage;
  life.say(`[talos] ${name} sequence: ${steps.length + 1} phase(s)`);
  life.publishStatus({ stage, ready: true, unmet: [] });
  tell("START");
  let number = 0;
  try {
    for (const one of steps) {
      number += 1;
      await take(life, clock, one, actor);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `error running phase ${number} in ${name} sequence: task 1/1: failed, ${reason}`;
    life.say(`[talos] ${name} failed: ${message}`);
    life.activity = undefined;
    tell("NOOP", { code: "FATAL", message });
    failed?.();
    return;
  }
  if (isDown()) return;
  const last = name === "shutdown" ? "shutdown" : "reboot";
  events.publish("machine.PhaseEvent", { phase: last, action: "START" }, actor);
  events.publish("machine.TaskEvent", { task: last, action: "START" }, actor);
  await clock.wait(300, down).catch(() => undefined);
  if (!isDown()) end();
}

async function take(
  life: Life,
  clock: Clock,
  { phase, task, duration = 200, run: work }: Step,
  actor: string,
): Promise<void> {
  const { events, down } = life;
  life.say(`[talos] phase ${phase}: task ${task}: starting`);
  events.publish("machine.PhaseEvent", { phase, action: "START" }, actor);
  events.publish("machine.TaskEvent", { task, action: "START" }, actor);
  await clock.wait(duration, down).catch(() => undefined);
  if (down.aborted) return;
  await work?.();
  events.publish("machine.TaskEvent", { task, action: "STOP" }, actor);
  events.publish("machine.PhaseEvent", { phase, action: "STOP" }, actor);
}
