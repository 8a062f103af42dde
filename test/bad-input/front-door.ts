import { explain, summary } from "../../src/view/messages";
import { failureReport, type JsonReport, successReport } from "../../src/view/messages-json";
import { synthesize } from "../../src/synth";
import type { Given } from "./table";

export interface Answer {
  readonly isRefused: boolean;
  /** What main.ts prints as text. */
  readonly output: string;
  /** What it prints with `--json`. */
  readonly json: JsonReport | undefined;
}

/** The id of an unprivileged user and group. */
const unprivileged = 65534;

/** Runs main.ts in a directory. */
export async function synth(directory: string, given: Given): Promise<Answer> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot && given.isForOthers === true) process.seteuid?.(unprivileged);
  try {
    const result = await synthesize({ directory, environment: given.environment });
    return {
      isRefused: false,
      output: summary(result, directory),
      json: successReport(result),
    };
  } catch (error) {
    return {
      isRefused: true,
      output: explain(error) ?? String((error as Error).stack),
      json: failureReport(error),
    };
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
