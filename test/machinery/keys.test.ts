import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { describeWithGo } from "../support/machinery";
import { keysSource } from "./keys-source";

const file = join(__dirname, "..", "..", "src", "config", "patches", "known-keys.ts");

describeWithGo("the keys that patches may have", () => {
  // All minors, so only where asked; sample.test.ts compares what its minors know.
  (process.env["UPDATE_GOLDEN"] === "1" ? test : test.skip)(
    "are those of Talos's own library",
    async () => {
      const text = await keysSource();
      writeFileSync(file, text);
      expect(readFileSync(file, "utf8")).toBe(text);
    },
    20 * 60_000,
  );
});
