import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Cidr } from "../../constructs/model/cidr";
import { specOf } from "../support/input";
import { aFullNetworkHasRoom } from "./full-network";
import { validInput, withNodes } from "./valid-input";

test("planned addresses never collide, and all are in the network", () => {
  fc.assert(
    fc.property(validInput, (input) => {
      const { nodes, bastion, network } = specOf(input);
      const all = [...nodes.map(({ address }) => address), bastion.address];
      expect(new Set(all).size).toBe(all.length);
      for (const address of all) {
        const one = Cidr.parse(address)!;
        expect(network.contains(one)).toBe(true);
        // Neither the network's own address nor the router's nor the broadcast address.
        expect([network.host(0), network.host(1), network.host(network.size - 1)]).not.toContain(
          address,
        );
      }
    }),
    { numRuns: 200 },
  );
});

// The largest networks are in the proofs: 65,000 addresses each.
aFullNetworkHasRoom({ largest: 20, runs: 10 });

test("adding or removing the last node moves no other", () => {
  fc.assert(
    fc.property(
      validInput,
      fc.integer({ min: 1, max: 7 }),
      fc.nat(28), // before the first block of the smallest network
      (input, control_planes, workers) => {
        const before = specOf(input);
        const after = specOf(withNodes(input, { control_planes, workers }));
        expect(after.bastion.address).toBe(before.bastion.address);
        const byName = new Map(before.nodes.map((node) => [node.name, node]));
        const stayed = after.nodes.filter(({ name }) => byName.has(name));
        expect(stayed.length).toBeGreaterThan(0);
        for (const node of stayed) expect(node).toEqual(byName.get(node.name));
      },
    ),
    { numRuns: 200 },
  );
});
