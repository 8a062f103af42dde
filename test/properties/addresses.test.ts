import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Cidr } from "../../constructs/cidr";
import { planAddresses } from "../../src/config/network";
import { specOf } from "../support/input";
import { validInput, withNodes } from "./valid-input";

test("addresses never collide, and all lie in the network", () => {
  fc.assert(
    fc.property(validInput, (input) => {
      const { nodes, addresses, network } = specOf(input);
      const all = [
        ...nodes.map(({ address }) => address),
        ...Object.values<string>({ ...addresses }),
      ];
      expect(new Set(all).size).toBe(all.length);
      for (const address of all) {
        const one = Cidr.parse(address)!;
        expect(network.contains(one)).toBe(true);
        // Neither the network's own address and router, nor its broadcast address.
        expect([network.host(0), network.host(1), network.host(network.size - 1)]).not.toContain(
          address,
        );
      }
    }),
    { numRuns: 200 },
  );
});

test("a full network has room for all of it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 22 }), (prefix) => {
      const network = Cidr.parse(`10.0.0.0/${prefix}`)!;
      const { slots, infrastructure, mostWorkers } = planAddresses(network);
      const last = [slots.controlPlane(6), slots.worker(0), slots.worker(mostWorkers - 1)];
      const all = [...last, ...Object.values<string>({ ...infrastructure })];
      expect(new Set(all).size).toBe(6);
      expect(Cidr.parse(`${infrastructure.bastion}/${prefix}`)?.toString()).toBe(
        network.toString(),
      );
      expect(Cidr.parse(`${slots.worker(mostWorkers - 1)}/${prefix}`)?.toString()).toBe(
        network.toString(),
      );
    }),
    { numRuns: 7 },
  );
});

test("a node that comes or goes at the end moves no other", () => {
  fc.assert(
    fc.property(
      validInput,
      fc.integer({ min: 1, max: 7 }),
      fc.nat(40),
      (input, control_planes, workers) => {
        const before = specOf(input);
        const after = specOf(withNodes(input, { control_planes, workers }));
        expect(after.addresses).toEqual(before.addresses);
        const byName = new Map(before.nodes.map((node) => [node.name, node]));
        const stayed = after.nodes.filter(({ name }) => byName.has(name));
        expect(stayed.length).toBeGreaterThan(0);
        for (const node of stayed) expect(node).toEqual(byName.get(node.name));
      },
    ),
    { numRuns: 200 },
  );
});
