import { readFileSync } from "node:fs";
import type { SimulatorProcess } from "../../../simulator/process";
import type { DeepPrograms } from "./deep";
import type { Synthesized } from "../../synth";
import type { Tofu } from "../../tofu/binary";
import { readEvents } from "../../tofu/events";

/** What the steps share once the simulated cloud is running. */
export interface Stage {
  readonly synthesized: Synthesized;
  readonly simulator: SimulatorProcess;
  readonly tofu: Tofu;
  readonly tunnelPort: number;
  /** How ssh connects to the simulated bastion, and the passphrase of a state that is encrypted. */
  readonly environment: Readonly<Record<string, string>>;
  /** With the nodes' real programs. */
  readonly deep?: DeepPrograms;
  /** What the account had before: imported images, by kind. */
  readonly before: Readonly<Record<string, number>>;
  /** `-var-file` and `-var`, for every plan and apply. */
  readonly variables: readonly string[];
}

/** The simulator's processor time, against the wall time since this program started. */
export async function timings({ simulator }: Stage): Promise<string> {
  const { cpu } = await simulator.usage();
  const busy = (cpu.user + cpu.system) / 1e6;
  const wall = performance.now() / 1000;
  const share = Math.round((busy / wall) * 100);
  return `\nOf ${wall.toFixed(1)} s the simulator was busy ${busy.toFixed(1)} s: ${share} %.`;
}

/** How long it took until the nodes of a deep rehearsal were ready, and what their programs take. */
export async function standing({ simulator }: Stage): Promise<string> {
  const { programs } = await simulator.deep();
  const wall = performance.now() / 1000;
  const memory = programs.reduce((sum, { pid }) => sum + memoryOf(pid), 0) / 1024 ** 2;
  return `    after ${wall.toFixed(1)} s: ${programs.length} real programs in ${memory.toFixed(2)} GiB of memory`;
}

/** A process's part of the memory, in KiB: what several share counts once. 0 where the system does not tell. */
function memoryOf(pid: number): number {
  try {
    return Number(/^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}

/** Reports how many of the resources are done, from tofu's output. */
export function counter(
  { synthesized }: Stage,
  tell: (progress: string) => void,
): (line: string) => void {
  let done = 0;
  return (line) => {
    done += readEvents(line).done.filter((address) => !address.startsWith("data.")).length;
    tell(`${done} of ${synthesized.resources}`);
  };
}

/** One line for each kind of cloud object of which there are more than before, and each real program. */
export async function leftOver(stage: Stage): Promise<string[]> {
  const { simulator, before, synthesized } = stage;
  const { counts } = await simulator.objects();
  const running = stage.deep === undefined ? [] : (await simulator.deep()).programs;
  const objects = Object.entries(counts)
    .filter(([kind]) => kind.startsWith(`${synthesized.cloud.name}_`))
    .map(([kind, count]) => ({ kind, more: count - (before[kind] ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ kind, more }) => `  ${kind}: ${more}`);
  return [...objects, ...running.map(({ program, node }) => `  ${program} of ${node}`)];
}
