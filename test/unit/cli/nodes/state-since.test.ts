import { expect, test } from "@jest/globals";
import type { ObservedNode } from "../../../../src/cli/nodes/observation";
import { stateSince } from "../../../../src/cli/nodes/roll/node-work";
import type { Work } from "../../../../src/cli/nodes/roll/work";

function state(bootId: () => Promise<string>): Promise<string> {
  const node = { bootId, version: () => Promise.resolve("v1.14.1") };
  const work = { connection: { node: () => Promise.resolve(node) } };
  const observed = { address: "172.16.4.5" } as ObservedNode;
  return stateSince(work as unknown as Work, observed, "boot 1");
}

test("a node on which something failed is said to run as before only where it does", async () => {
  expect(await state(() => Promise.resolve("boot 1"))).toBe("It runs as before");
  expect(await state(() => Promise.resolve("boot 2"))).toBe(
    "It has booted meanwhile, and runs v1.14.1",
  );
  expect(await state(() => Promise.reject(new Error("no answer")))).toBe("It does not answer now");
});
