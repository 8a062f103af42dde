import { test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { available, synthesized, values } from "../support/input";
test("dump", () => {
  writeFileSync("/tmp/ut/avail.json", JSON.stringify(synthesized(values(available)).json, null, 1));
  writeFileSync("/tmp/ut/single.json", JSON.stringify(synthesized(values()).json, null, 1));
});
