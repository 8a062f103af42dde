import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { Interrupted } from "../errors";
import { UserError } from "../errors";
import { withoutSecrets } from "../view/secrets";
import { Interrupts } from "./interrupts";
import { stateProblem } from "./state-errors";

/** The only environment variables that tofu and its providers get: no credentials, no TF_… settings. */
const passedOn = ["PATH", "HOME", "USER", "TMPDIR", "LANG"];

export interface TofuRun {
  /** The configuration's directory. */
  readonly stackDirectory: string;
  /** The value of TF_REATTACH_PROVIDERS: where the simulated providers listen. */
  readonly reattach: string;
  /** In addition to what every such run gets. @default - nothing */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each line of its output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Called with the process at its start, for those who must interrupt it. */
  readonly onStart?: (processId: number) => void;
}

export interface TofuResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Both streams, in the order of arrival. */
  readonly output: string;
}

/** A tofu that lives for a second or two: collecting its garbage is a fifth of its processor time. */
export const shortLivedTofu = { GOGC: "400" };

/** Environment of a tofu for simulated clouds only. */
export function isolatedEnvironment(reattach: string): Record<string, string> {
  const inherited = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    TF_REATTACH_PROVIDERS: reattach,
    TF_CLI_CONFIG_FILE: "/dev/null",
    TF_INPUT: "0",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    ...shortLivedTofu,
    // NO_COLOR does not reach every part of tofu's output.
    ...Object.fromEntries(
      ["init", "plan", "apply", "destroy", "show"].map((command) => [
        `TF_CLI_ARGS_${command}`,
        "-no-color",
      ]),
    ),
  };
}

/** Runs tofu on simulated clouds to completion, in a process group of its own. */
export function runTofu(path: string, args: readonly string[], run: TofuRun): Promise<TofuResult> {
  const child = spawn(path, [`-chdir=${run.stackDirectory}`, ...args], {
    env: { ...isolatedEnvironment(run.reattach), ...run.environment },
    stdio: ["ignore", "pipe", "pipe"],
    // A terminal's Ctrl-C reaches the whole group, and tofu takes a second interrupt as "at once".
    detached: true,
  });
  if (child.pid !== undefined) run.onStart?.(child.pid);

  let output = "";
  let rest = "";
  const take = (text: string) => {
    output += text;
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) run.onLine?.(line);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, output });
    });
  });
}

export interface Captured {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** tofu's error, without secrets. */
export function wordsOf({ output, errors }: Captured): string {
  return withoutSecrets((errors.trim() || output).trim());
}

export interface CaptureOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** For its standard input. @default - nothing */
  readonly input?: string;
}

/**
 * Runs tofu to completion, in a process group of its own, with separate streams. An interrupt is
 * forwarded, so that no tofu is left behind that holds the state's lock.
 * @throws Interrupted when tofu has ended then
 */
export function captureTofu(
  path: string,
  args: readonly string[],
  { environment, input }: CaptureOptions,
): Promise<Captured> {
  const child = spawn(path, args, {
    env: { ...environment, NO_COLOR: "1" },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    detached: true,
  });
  // It may end without reading all of it.
  child.stdin?.on("error", () => undefined).end(input);
  let [output, errors] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const interrupts = Interrupts.passedOnTo(() => child.pid);
  return new Promise<Captured>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      // NO_COLOR does not reach every part of tofu's output.
      if (interrupts.happened) reject(new Interrupted());
      else resolve({ code, output, errors: stripVTControlCharacters(errors) });
    });
  }).finally(() => {
    interrupts.end();
  });
}

/** tofu's error, with its kind. */
export class TofuFailure extends UserError {
  constructor(words: string) {
    super(stateProblem(words) ?? words, isStateLocked(words) ? "state locked" : undefined);
  }
}

/** Whether tofu did nothing because another process holds the state's lock. */
export function isStateLocked(words: string): boolean {
  return words.includes("Error acquiring the state lock") && stateProblem(words) === undefined;
}
