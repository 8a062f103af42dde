import { expect, jest, test } from "@jest/globals";
import { lineOf } from "../../histories/history";
import { kept } from "../../histories/regressions";
import { runHistory } from "../../histories/run";

jest.setTimeout(900_000);

test.each(kept.map((history) => [lineOf(history), history] as const))(
  "a history that once failed succeeds: %s",
  async (_line, history) => {
    await runHistory(history);
  },
);

test("no history is listed twice", () => {
  expect(new Set(kept.map(lineOf)).size).toBe(kept.length);
});
