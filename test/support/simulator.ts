import { join } from "node:path";
import { type ProcessOptions, SimulatorProcess } from "../../simulator/process";

const program = join(__dirname, "..", "..", "dist", "simulator", "main.js");

/**
 * A simulator in a process of its own: the compiled one, which global-setup keeps up to date. Compiling
 * the sources in each process would take half as long again.
 */
export function startSimulator(options: ProcessOptions): Promise<SimulatorProcess> {
  return SimulatorProcess.start({ ...options, program });
}
