import { expect, test } from "@jest/globals";
import { testClouds } from "../support/clouds";
import { aFewChanges } from "./extent";
import { kindsOf } from "./kinds";
import { faultsOn } from "./suite";

const occurred = testClouds.map(({ name }) => faultsOn(name, aFewChanges));

test("on the three clouds together, every kind of fault has occurred", () => {
  const kinds = testClouds.flatMap((cloud) => kindsOf(cloud).map(({ name }) => name));
  expect(new Set(occurred.flatMap(({ kinds: some }) => [...some]))).toEqual(new Set(kinds));
});
