import { describe, expect, test } from "@jest/globals";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { harmless, printJson, shown, terminal } from "../../../src/view/output";

/** Control characters except tab and newline, and bidirectional overrides. */
const obeyed =
  // eslint-disable-next-line no-control-regex -- it is about them
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/;

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "\u001b",
      "[",
      "2",
      "J",
      "]",
      "0",
      ";",
      "\u0007",
      "\r",
      "\n",
      "\u202e",
      "\u2066",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
});

describe("the program's output", () => {
  test("has nothing that controls a terminal, whatever it contains", () => {
    fc.assert(
      fc.property(text, (foreign) => {
        expect(shown(foreign)).not.toMatch(obeyed);
      }),
      { numRuns: 2000, seed: 20261129 },
    );
  });

  test("shows escape sequences and bidirectional overrides in JSON's notation", () => {
    expect(harmless("a\u001b[31mb\u202ec\td\r\ne")).toBe("a\\u001b[31mb\\u202ec\td\ne");
  });

  test("keeps what this program itself sends to a terminal", () => {
    expect(shown(`${terminal.lineStart}${terminal.clearToEnd}${terminal.up(2)}`)).toBe(
      "\r\u001b[K\u001b[2A",
    );
  });

  test("is the same value as JSON, without such a character in its text", () => {
    fc.assert(
      fc.property(text, (foreign) => {
        const out = new PassThrough();
        printJson({ [foreign]: 1, value: foreign }, 2, out);
        const printed = String(out.read());
        expect(printed).not.toMatch(obeyed);
        expect(JSON.parse(printed)).toEqual({ [foreign]: 1, value: foreign });
      }),
      { numRuns: 1000, seed: 20261129 },
    );
  });
});
