import { describe, expect, test } from "@jest/globals";
import { filled } from "../../../../src/cli/recovery/fill-in";
import { plannedValues } from "../../../../src/cli/plan/planned-values";
import { privateWithTimeouts } from "../../../../src/cli/recovery/private-timeouts";
import { newlySensitive } from "../../../../src/cli/recovery/sensitive-paths";

describe("what an import left empty is filled in from the plan:", () => {
  test("the port in a machine's network, beside what the provider read", () => {
    const read = [{ port: "", name: "demo", fixed_ip_v4: "172.16.4.4" }];
    const planned = [{ port: "p-1", name: null, fixed_ip_v4: null }];
    expect(filled(read, planned)).toEqual([
      { port: "p-1", name: "demo", fixed_ip_v4: "172.16.4.4" },
    ]);
  });

  test("at any depth, and nothing that was read is replaced", () => {
    expect(filled({ a: [{ b: { c: null, d: 1 } }] }, { a: [{ b: { c: "x", d: 2 } }] })).toEqual({
      a: [{ b: { c: null, d: 1 } }],
    });
    expect(filled({ a: [{ b: { c: null, d: 1 } }] }, { a: [{ b: { c: "x", d: 1 } }] })).toEqual({
      a: [{ b: { c: "x", d: 1 } }],
    });
  });

  test("in a set in another order, only what may be the same element", () => {
    const read = [
      { name: "b", size: null },
      { name: "a", size: null },
    ];
    const planned = [
      { name: "a", size: 1 },
      { name: "b", size: 2 },
    ];
    expect(filled(read, planned)).toEqual(read);
  });

  test("not in a list that has another length", () => {
    expect(filled([{ a: null }], [{ a: 1 }, { a: 2 }])).toEqual([{ a: null }]);
  });
});

test("a planned value keeps its known parts where others are known only after the apply", () => {
  const plan = plannedValues({
    resource_changes: [
      {
        address: "a.b",
        mode: "managed",
        type: "a",
        change: {
          actions: ["create"],
          before: null,
          after: { name: "x", network: [{ port: "p-1" }], gone: null },
          after_unknown: { id: true, network: [{ mac: true }] },
        },
      },
    ],
  });
  expect(plan.get("a.b")).toEqual({ known: { name: "x" }, partly: { network: [{ port: "p-1" }] } });
});

describe("the timeouts of an imported resource", () => {
  const timeouts = (text: string | undefined) =>
    (JSON.parse(Buffer.from(text ?? "", "base64").toString()) as Record<string, unknown>)[
      "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0"
    ];

  test("are in its private data, in nanoseconds, beside what was there", () => {
    const before = Buffer.from('{"schema_version":"1","own":"x"}').toString("base64");
    const after = privateWithTimeouts(
      { schema_version: 1, attributes: {}, private: before },
      { create: "1h30m", delete: "90s" },
    );
    expect(timeouts(after)).toEqual({ create: 5.4e12, delete: 9e10 });
    expect(JSON.parse(Buffer.from(after ?? "", "base64").toString())).toMatchObject({ own: "x" });
  });

  test("change nothing where none are configured", () => {
    expect(privateWithTimeouts({ attributes: {} }, {})).toBeUndefined();
  });
});

test("only what the configuration marks as sensitive is marked, by attribute or by key of a map", () => {
  const after = { user_data: { "cloud-init": true }, token: true, tags: [false] };
  expect(newlySensitive({ token: true, user_data: {} }, after)).toEqual([
    [
      { type: "get_attr", value: "user_data" },
      { type: "index", value: { value: "cloud-init", type: "string" } },
    ],
  ]);
  expect(newlySensitive(after, after)).toEqual([]);
});

test("what an import leaves empty in a block is filled in from what the plan knows of that block", () => {
  const imported = [{ name: "demo", port: "", access_network: false, mac: "fa:16:3e:00:00:01" }];
  const planned = [{ port: "abc", access_network: false }];
  expect(filled(imported, planned)).toEqual([
    { name: "demo", port: "abc", access_network: false, mac: "fa:16:3e:00:00:01" },
  ]);
});

test("a block is not filled in from one with other values", () => {
  const imported = [{ name: "demo", port: "" }];
  expect(filled(imported, [{ name: "other", port: "abc" }])).toEqual(imported);
});
