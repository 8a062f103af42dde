import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { problemsOf, specOf, synthesized } from "../support/input";
import { validInput } from "./valid-input";

test("every valid input is synthesized", () => {
  fc.assert(
    fc.property(validInput, (input) => {
      expect(problemsOf(input).filter((line) => line.startsWith("error"))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("every node exists exactly once: one server, one NIC, one address, one configuration", () => {
  fc.assert(
    fc.property(validInput, (input) => {
      const { nodes } = specOf(input);
      const stack = synthesized(input);
      const names = nodes.map(({ logicalId }) => logicalId);
      expect(new Set(names).size).toBe(nodes.length);

      const machines = [...names, "bastion"].sort();
      expect(Object.keys(stack.all("scaleway_instance_server")).sort()).toEqual(machines);
      expect(Object.keys(stack.all("scaleway_instance_private_nic")).sort()).toEqual(machines);
      expect(Object.keys(stack.all("talos_machine_configuration")).sort()).toEqual(names.sort());
      for (const { logicalId, address, zone } of nodes) {
        expect(stack.at(`scaleway_ipam_ip.${logicalId}`)["address"]).toBe(address);
        expect(stack.at(`scaleway_instance_server.${logicalId}`)["zone"]).toBe(zone);
        expect(stack.at(`scaleway_instance_private_nic.${logicalId}`)["zone"]).toBe(zone);
      }
    }),
    { numRuns: 12 },
  );
});

test("no input opens the API or SSH to the internet, or a node to any client", () => {
  fc.assert(
    fc.property(validInput, (input) => {
      const stack = synthesized(input);
      const acl: { action: { type: string }; match: { ip_subnet: string[] } }[] = stack.at(
        "scaleway_lb_frontend.api",
      )["acl"];
      const open = acl.filter(({ match }) =>
        match.ip_subnet.some((subnet) => subnet.endsWith("/0")),
      );
      expect(open).toEqual([acl.at(-1)]);
      expect(acl.at(-1)?.action.type).toBe("deny");
      const inbound = Object.values(stack.all("scaleway_instance_security_group")).flatMap(
        ({ inbound_rule = [] }: { inbound_rule?: { port: number; ip_range: string }[] }) =>
          inbound_rule,
      );
      for (const { port, ip_range } of inbound) {
        expect(port).toBe(22);
        expect(ip_range).not.toMatch(/\/0$/);
      }
    }),
    { numRuns: 12 },
  );
});
