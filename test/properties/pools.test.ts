import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type TestCloud, testClouds } from "../support/clouds";
import { specOf, values } from "../support/input";
import { poolName } from "./valid-input";

/** A pool that exists before, after, or both. */
interface Pool {
  readonly name: string;
  readonly address_block: number;
  readonly zones: readonly string[] | undefined;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

const mostBlocks = { scaleway: 15, ovh: 15, outscale: 7 };
/** What fits before the first block of the default network. */
const mostWorkers = { scaleway: 28, ovh: 28, outscale: 0 };

function poolsOn({ name, available }: TestCloud): fc.Arbitrary<readonly Pool[]> {
  const zones = available["zones"] as readonly string[];
  const count = fc.option(fc.constantFrom(0, 1, 2, 31), { nil: undefined });
  const one = fc.record({
    name: poolName,
    address_block: fc.integer({ min: 1, max: mostBlocks[name] }),
    zones: fc.option(fc.array(fc.constantFrom(...zones), { minLength: 1, maxLength: 4 }), {
      nil: undefined,
    }),
    before: count,
    after: count,
  });
  return fc
    .uniqueArray(one, { selector: (pool) => pool.name, maxLength: 6 })
    .map((pools) =>
      pools.filter(
        ({ address_block: block }, index) =>
          pools.findIndex((other) => other.address_block === block) === index,
      ),
    );
}

function clusterWith(
  cloud: TestCloud,
  pools: readonly Pool[],
  when: "before" | "after",
  workers: number,
) {
  const present = pools.filter((pool) => pool[when] !== undefined);
  const entries = present.map(({ name, address_block, zones, [when]: count }) => [
    name,
    { address_block, count, ...(zones === undefined ? {} : { zones }) },
  ]);
  return specOf(
    values({ ...cloud.available, workers, pools: Object.fromEntries(entries) }, {}, cloud),
  );
}

test.each(testClouds)(
  "a pool, or a node at a pool's end, that is added or removed moves no node: $name",
  (cloud) => {
    const workers = fc.nat(mostWorkers[cloud.name]);
    fc.assert(
      fc.property(poolsOn(cloud), workers, workers, (pools, workersBefore, workersAfter) => {
        const before = clusterWith(cloud, pools, "before", workersBefore);
        const after = clusterWith(cloud, pools.toReversed(), "after", workersAfter);
        for (const { nodes, bastion } of [before, after]) {
          const all = [...nodes.map(({ address }) => address), bastion.address];
          expect(new Set(all).size).toBe(all.length);
        }
        const byName = new Map(before.nodes.map((node) => [node.name, node]));
        const stayed = after.nodes.filter(({ name }) => byName.has(name));
        expect(stayed.length).toBeGreaterThan(0);
        for (const node of stayed) expect(node).toEqual(byName.get(node.name));
      }),
      { numRuns: 60 },
    );
  },
);

test.each(testClouds)("the order of the pools in the file does not matter: $name", (cloud) => {
  fc.assert(
    fc.property(poolsOn(cloud), (pools) => {
      const { nodes } = clusterWith(cloud, pools, "before", 0);
      expect(clusterWith(cloud, pools.toReversed(), "before", 0).nodes).toEqual(nodes);
    }),
    { numRuns: 20 },
  );
});
