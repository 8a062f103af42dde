import { afterEach, expect, jest, test } from "@jest/globals";

interface Colors {
  readonly colors: { green(text: string): string };
}

interface Output {
  shown(text: string): string;
}

const before = process.env;
afterEach(() => {
  process.env = before;
});

/** The mark of a new resource with these settings, not on a terminal. */
function mark(settings: NodeJS.ProcessEnv): string {
  process.env = { ...before, NO_COLOR: undefined, FORCE_COLOR: undefined, ...settings };
  let text = "";
  jest.isolateModules(() => {
    const { colors } = jest.requireActual<Colors>("../../../src/view/colors");
    const output = jest.requireActual<Output>("../../../src/view/output");
    text = output.shown(colors.green("+"));
  });
  return text;
}

test("a log has no colors, also a CI's", () => {
  expect(mark({})).toBe("+");
  expect(mark({ CI: "true", GITHUB_ACTIONS: "true" })).toBe("+");
});

test("forced colors are used, unless NO_COLOR is set too", () => {
  expect(mark({ FORCE_COLOR: "1" })).toBe("\x1b[32m+\x1b[39m");
  expect(mark({ FORCE_COLOR: "0" })).toBe("+");
  expect(mark({ FORCE_COLOR: "1", NO_COLOR: "1" })).toBe("+");
});
