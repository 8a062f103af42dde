import { appendFileSync } from "node:fs";
import type { TestCloud } from "../../support/clouds";
import type { Choice, Moment } from "./moments";
import type { Procedure } from "./procedures";
import { Broken, type Swept, type SweptCluster } from "./sweep";

/** How the interruptions of a procedure ended. */
export interface Outcome {
  readonly isBroken: boolean;
  /** In milliseconds since 1970. */
  readonly begun: number;
  readonly moments: readonly Moment[];
  /** For a reader. */
  readonly text: string;
}

/** Sweeps a procedure. @returns also what was broken, in place of an error */
export async function outcomeOf(
  swept: SweptCluster,
  procedure: Procedure,
  choice: Choice,
): Promise<Outcome> {
  const begun = Date.now();
  try {
    const found = await swept.sweep(procedure, choice);
    return { isBroken: false, begun, moments: found.moments, text: textOf(found) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const moments = error instanceof Broken ? error.moments : [];
    return { isBroken: true, begun, moments, text: `FAILED\n${text}` };
  }
}

function textOf({ moments, count, repeated, longestGap }: Swept): string {
  return [
    `${moments.length} of ${moments.length} interrupted, of ${count} moments`,
    `longest time without a write: ${longestGap} ms`,
    ...repeated.map((one) => `one run more after: ${one}`),
  ].join("\n  ");
}

/**
 * Prints an outcome.
 * @param file Gets a line for each interruption: cloud, procedure, moment, interruption, result, seconds
 */
export function report(
  { name }: TestCloud,
  procedure: Procedure,
  { isBroken, begun, moments, text }: Outcome,
  file?: string,
): void {
  const end = Date.now();
  console.log(`  ${text}, ${Math.round((end - begun) / 1000)} s`);
  if (file === undefined) return;
  const lines = moments.map(({ subject, interruption, at }, index) => {
    const next = moments[index + 1]?.at;
    const result = !isBroken ? "recovered" : next === undefined ? "FAILED" : "gone on with";
    const seconds = Math.round(((next ?? end) - at) / 1000);
    return [name, procedure.name, subject, interruption, result, seconds].join("\t");
  });
  appendFileSync(file, lines.map((line) => `${line}\n`).join(""));
}
