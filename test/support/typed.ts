import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { type User, Running } from "./command-line";
import { until } from "./recovery-scenario";

const root = join(__dirname, "..", "..");

/** The pseudo-terminal is Python's: Node has none. */
export const hasTerminal = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** Starts a command on a pseudo-terminal. */
export function onTerminal({ home, environment }: User, ...args: string[]): Running {
  const script = join(root, "test", "support", "terminal.py");
  return new Running(
    spawn("python3", [script, join(root, "openaether"), ...args], {
      cwd: home,
      env: { ...environment, TERM: "xterm" },
      stdio: ["pipe", "pipe", "pipe"],
    }),
  );
}

/** Waits until a command has printed its question. @throws when it ends before */
export function asked(running: Running, question: string): Promise<void> {
  return until(() => running.output.includes(question), running);
}
