import { expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import type { CloudName } from "../../constructs/model/cluster-spec";
import { broken, explained } from "./explained";
import { topologies } from "./topologies";

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
