import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { available } from "../support/input";
import { rendered, versionsOf } from "./rendered";

/** Update them with UPDATE_GOLDEN=1, then read the diff. */
function golden(name: string, text: string): string {
  const file = join(__dirname, "golden", name);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
  return readFileSync(file, "utf8");
}

test.each([9, 14])(
  "the patches of each role equal the reviewed ones: Talos 1.%i",
  async (minor) => {
    const nodes = await rendered(versionsOf(minor), available);
    for (const name of ["control_plane_0", "worker_0"]) {
      const { machineType, patches } = nodes.find((node) => node.name === name)!;
      // As YAML 1.1, in which an unquoted off would be no string.
      const text = patches
        .map((patch) => stringify(JSON.parse(patch), { version: "1.1" }))
        .join("---\n");
      expect(text).toBe(golden(`${machineType}-v1.${minor}.yaml`, text));
    }
  },
);
