import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { specOf, synthesized } from "../support/input";
import { cycleIn, referenceGraph } from "./graph";
import { validInput } from "./valid-input";

const known = { provider_thing: { a: {}, b: {} } };
const cycleOf = (configuration: object) => cycleIn(referenceGraph({ ...configuration }));

describe("a cycle of the graph is found", () => {
  const things = (a: object, b: object) => ({ resource: { provider_thing: { a, b } } });

  test("through expressions, locals and data", () => {
    expect(
      cycleOf({
        resource: { provider_thing: { a: { name: "x-${local.name}" } } },
        locals: { name: '${join("-", [data.provider_fact.one.id])}' },
        data: { provider_fact: { one: { query: { deep: ["${provider_thing.a.id}"] } } } },
      }),
    ).toEqual(["provider_thing.a", "local.name", "data.provider_fact.one", "provider_thing.a"]);
  });

  test("through depends_on", () => {
    const a = { depends_on: ["provider_thing.b"] };
    expect(cycleOf(things(a, { id: "${provider_thing.a.id}" }))).toHaveLength(3);
  });

  test("through replace_triggered_by", () => {
    const a = { lifecycle: { replace_triggered_by: ["provider_thing.b.id"] } };
    expect(cycleOf(things(a, { depends_on: ["provider_thing.a"] }))).toHaveLength(3);
  });

  test("from a resource to itself", () => {
    expect(cycleOf(things({ name: "${provider_thing.a.id}" }, {}))).toHaveLength(2);
  });
});

describe("no cycle of the graph is found", () => {
  test("in a string that only looks like a reference", () => {
    const a = { text: "provider_thing.b and $${provider_thing.b.id}", name: "${upper(var.name)}" };
    const b = { depends_on: ["provider_thing.a"] };
    expect(cycleOf({ resource: { provider_thing: { a, b } } })).toBeUndefined();
  });

  test("where two paths lead to the same end", () => {
    const output = { x: { value: "${provider_thing.a.id}${provider_thing.b.id}" } };
    const b = { id: "${provider_thing.a.id}" };
    const resource = { provider_thing: { ...known.provider_thing, b } };
    expect(cycleOf({ resource, output })).toBeUndefined();
  });
});

test("no input makes a resource depend on itself", () => {
  fc.assert(
    fc.property(validInput, (input) => {
      const graph = referenceGraph(synthesized(input).json);
      expect(cycleIn(graph)).toBeUndefined();

      // The graph is the cluster's: from the bootstrap to the network's address, through the nodes.
      const reached = new Set<string>();
      const walk = (address: string) => {
        if (reached.has(address)) return;
        reached.add(address);
        for (const next of graph.get(address) ?? []) walk(next);
      };
      walk("talos_machine_bootstrap.bootstrap");
      for (const { logicalId } of specOf(input).nodes) {
        expect(reached).toContain(`scaleway_instance_server.${logicalId}`);
        expect(reached).toContain(`data.talos_machine_configuration.${logicalId}`);
      }
      expect(reached).toContain("scaleway_lb_ip.api");
      expect(reached).toContain("scaleway_vpc_private_network.cluster");
    }),
    { numRuns: 15 },
  );
});
