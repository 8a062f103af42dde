import type { SimulatorProcess } from "../../../simulator/process";
import type { Synthesized } from "../../synth";
import type { Tofu } from "../../tofu/binary";
import { readEvents } from "../../tofu/events";

/** What the steps share once the simulated cloud is up. */
export interface Stage {
  readonly synthesized: Synthesized;
  readonly simulator: SimulatorProcess;
  readonly tofu: Tofu;
  readonly tunnelPort: number;
  /** How ssh gets to the simulated bastion, as the tunnel's script is told. */
  readonly ssh: Readonly<Record<string, string>>;
  /** What the account held before: imported images, by kind. */
  readonly before: Readonly<Record<string, number>>;
  /** `-var-file` and `-var`, as every plan and apply gets them. */
  readonly variables: readonly string[];
}

/** The simulator's processor time, against the wall time since this program began. */
export async function timings({ simulator }: Stage): Promise<string> {
  const { cpu } = await simulator.usage();
  const busy = (cpu.user + cpu.system) / 1e6;
  const wall = performance.now() / 1000;
  const share = Math.round((busy / wall) * 100);
  return `\nOf ${wall.toFixed(1)} s the simulator was busy ${busy.toFixed(1)} s: ${share} %.`;
}

/** Tells how many of the resources are done, as tofu's lines come by. */
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

/** A line for each kind of cloud object that there is more of than before. */
export async function leftOver({ simulator, before, synthesized }: Stage): Promise<string[]> {
  const { counts } = await simulator.objects();
  return Object.entries(counts)
    .filter(([kind]) => kind.startsWith(`${synthesized.cloud.name}_`))
    .map(([kind, count]) => ({ kind, more: count - (before[kind] ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ kind, more }) => `  ${kind}: ${more}`);
}
