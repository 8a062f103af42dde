import { describe, jest, test } from "@jest/globals";
import fc from "fast-check";
import { type History, histories, lineOf } from "./history";
import { runHistory } from "./run";
import { faultNames } from "./names";
import { testClouds } from "../support/clouds";

/** Histories of a seed: always the same. */
export function sample(seed: number, count: number): History[] {
  return fc.sample(histories(faultNames), { seed, numRuns: count });
}

/** So many histories of one seed, a test each: those of them that are on some clouds. */
export function historiesOf(seed: number, count: number, clouds = testClouds): void {
  jest.setTimeout(900_000);
  const chosen = sample(seed, count).filter(({ cloud }) =>
    clouds.some(({ name }) => name === cloud),
  );
  describe(`histories of seed ${seed}: whatever happens, the cluster ends as requested`, () => {
    test.each(chosen.map((history) => [lineOf(history), history] as const))(
      "%s",
      async (_line, history) => {
        await runHistory(history);
      },
    );
  });
}
