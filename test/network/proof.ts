import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import type { CloudName } from "../../constructs/model/cluster-spec";
import { broken, explained } from "./explained";
import { topologies } from "./topologies";

/** So many networks of each cloud, of a fixed seed: a red run is the same when it is run again. */
const runs = Number(process.env["NETWORK_RUNS"] ?? 1000);

// cdktf takes a stack trace for every token; to tell it in terms of the sources takes a third of the time.
const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
beforeAll(() => {
  Error.prepareStackTrace = String;
});
afterAll(() => {
  if (own !== undefined) Object.defineProperty(Error, "prepareStackTrace", own);
});

jest.setTimeout(900_000);

/** Holds whatever the README promises against random networks of one cloud. */
export function proveFor(cloud: CloudName): void {
  test(`on ${cloud}, in ${runs} random networks, every promise holds`, async () => {
    let flows = 0;
    await fc.assert(
      fc.asyncProperty(topologies(cloud), async (input) => {
        const result = await explained(input);
        flows += result.flows.length;
        expect(broken(result)).toEqual({});
      }),
      { numRuns: runs, seed: 20261124 },
    );
    // None of them was empty.
    expect(flows).toBeGreaterThan(runs * 500);
  });
}
