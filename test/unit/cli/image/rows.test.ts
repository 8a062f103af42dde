import { expect, test } from "@jest/globals";
import { isNeeded } from "../../../../src/cli/image/rows";

test("an image is needed in the zones that have nodes", () => {
  const needed = { name: "talos-v1.14.1", places: ["fr-par-1"] };
  const inZone = (...places: string[]) => isNeeded({ name: "talos-v1.14.1", places }, needed);
  expect(inZone("fr-par-1", "fr-par-2")).toBe(true);
  expect(inZone("fr-par-2")).toBe(false);
  expect(isNeeded({ name: "talos-v1.13.9", places: ["fr-par-1"] }, needed)).toBe(false);
  expect(isNeeded({ name: "talos-v1.14.1", places: ["fr-par-1"] }, undefined)).toBe(false);
});
