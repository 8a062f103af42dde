import { join } from "node:path";
import { type ProcessOptions, SimulatorProcess } from "../../simulator/process";
import { packageRoot } from "../../constructs/package-root";
import type { TestCloud } from "./clouds";

const program = join(packageRoot(), "dist", "simulator", "main.js");

/**
 * A simulator in a process of its own: the compiled one, which global-setup keeps up to date. Compiling
 * the sources in each process would take half as long again.
 */
export function startSimulator(options: ProcessOptions): Promise<SimulatorProcess> {
  return SimulatorProcess.start({ ...options, program });
}

/** Objects of the cloud itself, by kind, without what an account has without a cluster. */
export async function objectsOfClusters(
  simulator: SimulatorProcess,
  { ofCluster, accountKinds }: TestCloud,
): Promise<Record<string, number>> {
  const { counts } = await simulator.objects();
  return Object.fromEntries(
    Object.entries(counts).filter(([kind]) => ofCluster.test(kind) && !accountKinds.includes(kind)),
  );
}
