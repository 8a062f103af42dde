import type { SimulatorProcess } from "../../../simulator/process";
import type { Synthesized } from "../../synth";
import type { Tofu } from "../../tofu/binary";
import { readEvents } from "../../tofu/events";

/** What the steps share once the simulated cloud is running. */
export interface Stage {
  readonly synthesized: Synthesized;
  readonly simulator: SimulatorProcess;
  readonly tofu: Tofu;
  readonly tunnelPort: number;
  /** How ssh connects to the simulated bastion, as an argument of the tunnel's script. */
  readonly ssh: Readonly<Record<string, string>>;
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

/** One line for each kind of cloud object of which there are more than before. */
export async function leftOver({ simulator, before, synthesized }: Stage): Promise<string[]> {
  const { counts } = await simulator.objects();
  return Object.entries(counts)
    .filter(([kind]) => kind.startsWith(`${synthesized.cloud.name}_`))
    .map(([kind, count]) => ({ kind, more: count - (before[kind] ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ kind, more }) => `  ${kind}: ${more}`);
}
