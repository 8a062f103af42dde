import { afterEach, expect, test } from "@jest/globals";
import { testClouds } from "../support/clouds";
import { chooseTurn, chosenInTurn } from "../support/rotation";

const variable = "OPENAETHER_TEST_CLOUDS";
const before = process.env[variable];
const turns = ["485", "486", "487"];

afterEach(() => {
  process.env[variable] = before;
});

test("a test that takes one cloud takes each of them once in three consecutive turns", () => {
  for (const first of testClouds) {
    const taken = turns.flatMap((turn) => chosenInTurn(testClouds, first, turn));
    expect(taken).toHaveLength(3);
    expect(new Set(taken)).toEqual(new Set(testClouds));
  }
});

test("in one turn, tests that start with different clouds take different ones", () => {
  for (const turn of turns) {
    const taken = testClouds.flatMap((first) => chosenInTurn(testClouds, first, turn));
    expect(new Set(taken)).toEqual(new Set(testClouds));
  }
});

test("on request a test takes every cloud", () => {
  for (const first of testClouds) {
    expect(chosenInTurn(testClouds, first, "all")).toEqual(testClouds);
  }
});

test("a turn that is neither a number nor all is refused, with what is allowed", () => {
  process.env[variable] = "ovh";
  expect(chooseTurn).toThrow('OPENAETHER_TEST_CLOUDS is "ovh": it may be all, or a number.');
});
