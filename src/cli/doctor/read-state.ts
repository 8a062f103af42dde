import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bucket } from "../../object-store/bucket";
import type { Tofu } from "../../tofu/binary";
import { reviewedEnvironment } from "../../tofu/environment";
import { errorText, readEvents } from "../../tofu/events";
import { captureTofu, type Captured } from "../../tofu/process";
import { parsePlan, parseState } from "../../tofu/show-json";
import { stateProblem } from "../../tofu/state-errors";
import { formOfState, stateFileName, truncatedState } from "../../tofu/state-file";
import { describeTruncation } from "../cluster/truncated-state";
import { runDirectory } from "../cluster/run-directory";
import { error, type Finding, ok, warning } from "./finding";
import { State } from "./state";

export interface StateSource {
  readonly home: string;
  /** Undefined where the state is a file in the home directory. */
  readonly bucket: Bucket | undefined;
  readonly stackDirectory: string;
  readonly tofu: Tofu;
  readonly environment: NodeJS.ProcessEnv;
  /** What reads the state, and decrypts it: variables of tofu's environment. */
  readonly stateKey: Readonly<Record<string, string>>;
}

export interface ReadState {
  /** Undefined when nothing exists, or when it cannot be read. */
  readonly state?: State;
  readonly findings: readonly Finding[];
}

const check = "cloud";

/**
 * The resources as the cloud has them now; where the cloud cannot be reached, as the state has
 * them. Locks nothing, and leaves nothing behind.
 */
export async function readState(source: StateSource): Promise<ReadState> {
  if (source.bucket === undefined) {
    const cut = truncatedState(source.home);
    if (cut !== undefined)
      return { findings: [error("state", describeTruncation(cut), "./openaether up")] };
    if (formOfState(source.home, stateFileName) === undefined) return { findings: [] };
  }
  const remembered = await run(source, "show", "-json");
  if (remembered.code !== 0) {
    const text = `What was applied cannot be read: ${firstLines(remembered)}`;
    return { findings: [warning("state", text, "./openaether plan")] };
  }
  const state = new State(parseState(remembered.output));
  if (state.isEmpty) return { findings: [] };

  // The plan contains every key of the cluster: it is in a directory for its owner only, deleted at
  // the end. After a kill, the next run of any command deletes it from .openaether.
  const memory = join(source.home, ".openaether");
  const directory = existsSync(memory)
    ? join(runDirectory(memory), "doctor")
    : mkdtempSync(join(tmpdir(), "openaether-doctor-"));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    return await asItIs(source, join(directory, "plan"), state);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function asItIs(source: StateSource, plan: string, remembered: State): Promise<ReadState> {
  const options = ["-json", "-refresh-only", "-lock=false", `-out=${plan}`];
  const planned = await run(source, "plan", ...options);
  const shown = planned.code === 0 ? await run(source, "show", "-json", plan) : planned;
  if (shown.code !== 0) {
    const text = `It cannot be asked; what follows is what the state remembers. ${firstLines(shown)}`;
    return { state: remembered, findings: [warning(check, text)] };
  }
  const { prior_state: now, resource_drift: drift = [] } = parsePlan(shown.output);
  const gone = drift.filter(({ change }) => change.actions.includes("delete"));
  const finding =
    gone.length === 0
      ? ok(check, "everything that was applied is there")
      : error(
          check,
          `gone, and not by an apply: ${gone.map(({ address }) => address).join(", ")}`,
          "./openaether plan",
        );
  return { state: new State(now, true), findings: [finding] };
}

function run(source: StateSource, ...args: string[]): Promise<Captured> {
  return captureTofu(source.tofu.path, [`-chdir=${source.stackDirectory}`, ...args], {
    environment: reviewedEnvironment(source.environment, source.stateKey),
  });
}

/** The first lines of tofu's message. */
function firstLines({ output, errors }: Captured): string {
  const said = errorText(readEvents(`${output}\n${errors}`).errors);
  const problem = stateProblem(said);
  if (problem !== undefined) return problem.split("\n")[0] ?? problem;
  return said.trim().split("\n").slice(0, 4).join(" ");
}
