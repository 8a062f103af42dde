import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { jsonPlaces } from "../../src/config/syntax/json-places";
import { jsonMistake } from "../../src/config/syntax/json-syntax";

/** JSON over several lines, as a user writes it. */
const written = fc.jsonValue().map((value) => JSON.stringify({ value }, undefined, 2));

/** With a character removed, inserted or replaced. */
const broken = fc
  .record({
    text: written,
    at: fc.nat(),
    cut: fc.nat(1),
    put: fc.constantFrom("", ",", ":", "}", "]", "{", '"', "'", "x", "\\", "\n", "#", "\u0000"),
  })
  .map(({ text, at, cut, put }) => {
    const place = at % text.length;
    return text.slice(0, place) + put + text.slice(place + cut);
  })
  .filter((text) => {
    try {
      JSON.parse(text);
      return false;
    } catch {
      return true;
    }
  });

test("a mistake in JSON has a position, and a valid reason", () => {
  fc.assert(
    fc.property(broken, (text) => {
      const { line, column, summary: words } = jsonMistake(text);
      const lines = text.split("\n");
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
      expect(words).not.toBe("The file is empty.");
    }),
    { numRuns: 500 },
  );
});

test("the text before a mistake's position is right: it can be completed", () => {
  fc.assert(
    fc.property(broken, (text) => {
      const { line, column } = jsonMistake(text);
      const before =
        text
          .split("\n")
          .slice(0, line - 1)
          .join("\n").length + (line > 1 ? 1 : 0);
      const beginning = text.slice(0, before + column - 1);
      // Its mistake is that it ends too early.
      if (beginning.trim() !== "" && !isJson(beginning))
        expect(jsonMistake(beginning).summary).toMatch(/^The file ends too early/);
    }),
    { numRuns: 300 },
  );
});

test("every value in valid JSON is found once, on its own line", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const lines = JSON.stringify(value, undefined, 1).split("\n");
      const found = jsonPlaces(lines.join("\n"));
      expect(found.map(({ path }) => path)).toEqual(pathsIn(JSON.parse(lines.join("\n"))));
      found.forEach(({ path, line }) => {
        const last = path.at(-1);
        const name = typeof last === "string" ? `${JSON.stringify(last)}: ` : "";
        // Each on a line of its own, as deep as its path is long.
        expect(lines[line - 1]).toMatch(new RegExp(`^ {${path.length}}\\S`));
        expect(lines[line - 1]?.trim().startsWith(name)).toBe(true);
      });
      expect(new Set(found.map(({ line }) => line)).size).toBe(found.length);
    }),
    { numRuns: 500 },
  );
});

/** Paths of all values in a value, outer ones first. */
function pathsIn(value: unknown): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  const steps: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as [number, unknown])
    : Object.entries(value);
  return steps.flatMap(([step, inner]) => [
    [step],
    ...pathsIn(inner).map((path) => [step, ...path]),
  ]);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
