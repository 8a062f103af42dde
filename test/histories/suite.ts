import { describe, jest, test } from "@jest/globals";
import fc from "fast-check";
import { type History, histories, lineOf } from "./history";
import { runHistory } from "./run";
import { faultNames } from "./names";

/** Histories of a seed: always the same. */
export function sample(seed: number, count: number): History[] {
  return fc.sample(histories(faultNames), { seed, numRuns: count });
}

/** So many histories of one seed, a test each. */
export function historiesOf(seed: number, count: number): void {
  jest.setTimeout(900_000);
  describe(`histories of seed ${seed}: whatever happens, the cluster ends as requested`, () => {
    test.each(sample(seed, count).map((history) => [lineOf(history), history] as const))(
      "%s",
      async (_line, history) => {
        await runHistory(history);
      },
    );
  });
}
