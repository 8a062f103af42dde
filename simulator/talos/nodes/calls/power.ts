import type { Message } from "../../api/definition";
import { RpcError } from "../../api/rpc-error";
import {
  BEFORE_SHUTDOWN,
  DRAIN,
  KEXEC,
  REMOVE_PODS,
  type Sequence,
  startSequence,
  type Step,
  STOP_EVERYTHING,
  STOP_PODS,
} from "../sequences";
import { type ApiCall, only } from "./call";

const STOP: readonly Step[] = [...BEFORE_SHUTDOWN, ...STOP_EVERYTHING];

export function reboot(call: ApiCall): Message {
  return only({ actor_id: startReboot(call, call.request.mode === "FORCE" ? [] : undefined) });
}

/** @returns The actor's id. */
export function startReboot(call: ApiCall, steps: readonly Step[] = [STOP_PODS, ...STOP, KEXEC]) {
  return start(call, { name: "reboot", stage: "REBOOTING", steps, end: rebooting(call) });
}

export function shutdown(call: ApiCall): Message {
  const drains = call.request.force === true ? [] : [DRAIN];
  const steps: Step[] = [
    { phase: "storeShutdown", task: "storeShutdownEmergency" },
    ...drains,
    STOP_PODS,
    ...STOP,
  ];
  const sequence: Sequence = {
    name: "shutdown",
    stage: "SHUTTING_DOWN",
    steps,
    end: () => {
      call.boots.powerOff(call.node.id);
    },
  };
  return only({ actor_id: start(call, sequence) });
}

/** Leaves etcd where it is to, wipes, and goes down. */
export function reset(call: ApiCall): Message {
  const { request, node, runtime, boots } = call;
  const labels = labelsIn(call);
  const [disk] = request.user_disks_to_wipe as string[];
  if (disk !== undefined) {
    const why =
      request.mode === "SYSTEM_DISK"
        ? "reset failed: invalid input, wipe mode SYSTEM_DISK doesn't support UserDisksToWipe parameter"
        : `reset user disk failed: device ${disk} wasn't found`;
    throw new RpcError("Unknown", why);
  }
  const isGraceful = request.graceful === true;
  const wipesSystem = request.mode !== "USER_DISKS";
  const leave: Step = {
    phase: "leave",
    task: "leaveEtcd",
    duration: 2000,
    run: () => runtime.etcd.leave(node),
  };
  const wipe: Step = {
    phase: labels.length > 0 ? "resetSpec" : "reset",
    task: labels.length > 0 ? "resetSystemDiskSpec" : "resetSystemDisk",
    duration: 3000,
    run: () => wipeSystem(call, labels),
  };
  const steps: Step[] = [
    ...(isGraceful ? [DRAIN, REMOVE_PODS] : [STOP_PODS]),
    ...BEFORE_SHUTDOWN,
    ...(isGraceful && node.isControlPlane ? [leave] : []),
    { phase: "preReset", task: "sendResetSignal" },
    ...STOP_EVERYTHING,
    { phase: "forceCleanup", task: "forceCleanup" },
    ...(wipesSystem ? [wipe] : []),
  ];
  const end =
    request.reboot === true
      ? rebooting(call)
      : () => {
          boots.powerOff(node.id);
        };
  return only({ actor_id: start(call, { name: "reset", stage: "RESETTING", steps, end }) });
}

/** The partitions of a cloud's disk, which is all of it where none is named. */
const PARTITIONS = ["EFI", "BIOS", "BOOT", "META", "STATE", "EPHEMERAL"];

function labelsIn({ request }: ApiCall): string[] {
  const specs = request.system_partitions_to_wipe as { label: string; wipe: boolean }[];
  for (const { label } of specs) {
    if (PARTITIONS.includes(label)) continue;
    throw new RpcError(
      "Unknown",
      `failed to get volume status with label "${label}": resource VolumeStatuses.block.talos.dev(runtime/${label}@undefined) doesn't exist`,
    );
  }
  return specs.filter(({ wipe }) => wipe).map(({ label }) => label);
}

async function wipeSystem({ node, runtime, save }: ApiCall, labels: readonly string[]) {
  const { record } = node;
  const isAll = labels.length === 0;
  if (isAll || labels.includes("STATE")) {
    delete record.configuration;
    delete record.staged;
    delete record.trial;
  }
  if (isAll || labels.includes("META")) delete record.meta;
  if (isAll || labels.includes("EPHEMERAL")) await runtime.etcd.wipe(node);
  if (isAll || labels.includes("EFI") || labels.includes("BOOT")) record.isWiped = true;
  save();
}

export function start({ life, clock, runtime, node }: ApiCall, sequence: Sequence): string {
  const steps = sequence.steps.map((step) =>
    step === DRAIN ? { ...step, run: () => runtime.drain?.(node, life.down) } : step,
  );
  const failed = () => runtime.uncordon?.(node);
  return startSequence(life, clock, { ...sequence, steps, failed });
}

export function rebooting({ boots, node }: ApiCall): () => void {
  return () => {
    boots.reboot(node.id);
  };
}
