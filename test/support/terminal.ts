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
  {
    cwd,
    env,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
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

/** A prompt to wait for, and the answer to type. */
export type Step = readonly [printed: string, typed: string];

/** Answers the questions of a program, in their order. @throws Error when it ends before the last of them */
export async function answer(running: Running, steps: readonly Step[]): Promise<void> {
  const ended = running.ended.then(({ output, errors }) => {
    throw new Error(`it ended before all was typed: ${output}${errors}`);
  });
  ended.catch(() => undefined);
  let from = 0;
  for (const [text, keys] of steps) {
    await Promise.race([ended, printed(running, text, from)]);
    from = running.output.indexOf(text, from) + text.length;
    running.child.stdin?.write(keys);
  }
}
