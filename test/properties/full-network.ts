import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Cidr } from "../../constructs/model/cidr";
import { cloudProviders } from "../../providers";

/**
 * Assigns every address of random networks to a node, on each cloud.
 * @param largest The prefix length of the largest network.
 */
export function aFullNetworkHasRoom({ largest, runs }: { largest: number; runs: number }): void {
  test.each(Object.values(cloudProviders))(
    "a full network has an address for every machine: $name",
    (cloud) => {
      fc.assert(
        fc.property(
          fc.integer({ min: largest, max: 22 }),
          fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 5 }),
          fc.uniqueArray(fc.integer({ min: 1, max: 15 })),
          (prefix, zones, used) => {
            const network = Cidr.parse(`10.0.0.0/${prefix}`)!;
            const plan = cloud.planAddresses(network, zones);
            const { slots, bastion } = plan;
            const blocks = plan.blocks.filter(({ number }) => used.includes(number));
            const mostWorkers = blocks.at(-1)?.mostWorkers ?? plan.mostWorkers;
            const inPools = blocks.flatMap(({ number, mostNodes }) =>
              Array.from({ length: mostNodes }, (_, i) =>
                slots.pool({ addressBlock: number, zones: zones.toReversed() }, i),
              ),
            );
            const all = [
              ...Array.from({ length: 7 }, (_, i) => slots.controlPlane(i)),
              ...Array.from({ length: mostWorkers }, (_, i) => slots.worker(i)),
              ...inPools,
              bastion,
            ];
            expect(new Set(all).size).toBe(mostWorkers + inPools.length + 8);
            const outside = all.filter((one) => !network.contains(Cidr.parse(one)!));
            expect(outside).toEqual([]);
          },
        ),
        { numRuns: runs },
      );
    },
  );
}
