import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { Running } from "./command-line";

const root = join(__dirname, "..", "..");

/** Whether there are pseudo-terminals: they are Python's, Node has none. */
export const hasTerminal = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** Longer than any command takes here, in milliseconds: one that waits for another answer is ended. */
const timeout = 60_000;

/** Runs `openaether` on a pseudo-terminal of 80 columns. */
export function onTerminal(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Running {
  const program = [join(__dirname, "terminal.py"), join(root, "openaether"), ...args];
  const running = new Running(
    spawn("python3", program, {
      cwd,
      env: { PATH: process.env["PATH"], ...env, TERM: "xterm" },
      stdio: ["pipe", "pipe", "pipe"],
    }),
  );
  const deadline = setTimeout(() => running.child.kill("SIGKILL"), timeout);
  void running.ended.finally(() => {
    clearTimeout(deadline);
  });
  return running;
}

/** Waits until the program has printed a string, after an offset of its output. */
export function printed(running: Running, text: string, from = 0): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (running.output.includes(text, from)) resolve();
    };
    running.child.stdout?.on("data", look);
    look();
  });
}
