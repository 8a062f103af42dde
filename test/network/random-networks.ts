import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import type { CloudName } from "../../constructs/model/cluster-spec";
import { broken, explained } from "./explained";
import { topologies } from "./topologies";

// cdktf captures a stack trace for every token; mapping it to the sources takes a third of the
// time.
const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
beforeAll(() => {
  Error.prepareStackTrace = String;
});
afterAll(() => {
  if (own !== undefined) Object.defineProperty(Error, "prepareStackTrace", own);
});

jest.setTimeout(900_000);

/** Checks the README's guarantees in so many random networks of one cloud, always the same ones. */
export function everyPromiseHolds(cloud: CloudName, networks: number): void {
  test(`on ${cloud}, in ${networks} random networks, every guarantee of the README holds`, async () => {
    let flows = 0;
    await fc.assert(
      fc.asyncProperty(topologies(cloud), async (input) => {
        const result = await explained(input);
        flows += result.flows.length;
        expect(broken(result)).toEqual({});
      }),
      { numRuns: networks, seed: 20261124 },
    );
    // None of them was empty.
    expect(flows).toBeGreaterThan(networks * 500);
  });
}
