import { expect, test } from "@jest/globals";
import { recovery } from "../../../../providers/scaleway/recovery";

/** The import id of a resource with this id and these attributes. */
function importId(type: string, id: string | undefined, attributes: Record<string, string>) {
  const rule = recovery[type]?.importId;
  if (typeof rule !== "function") throw new Error(`${type} has no rule`);
  return rule({
    ...(id === undefined ? {} : { id }),
    attribute: (name) => attributes[name],
    value: () => undefined,
  });
}

test.each([
  ["scaleway_lb", { zone: "fr-par-1" }, "fr-par-1/abc"],
  ["scaleway_vpc_private_network", { region: "fr-par" }, "fr-par/abc"],
  ["scaleway_lb_backend", { lb_id: "fr-par-2/lb" }, "fr-par-2/abc"],
])(
  "an id as Scaleway's console shows it is prefixed with its locality: %s",
  (type, attributes, whole) => {
    expect(importId(type, "abc", attributes)).toBe(whole);
    expect(importId(type, whole, attributes)).toBe(whole);
    expect(importId(type, undefined, attributes)).toBeUndefined();
  },
);

test.each(["nic", "fr-par-1/nic", "fr-par-1/server/nic"])(
  "a NIC on Scaleway is imported by its server's id and its own: %s",
  (id) => {
    const type = "scaleway_instance_private_nic";
    const attributes = { server_id: "fr-par-1/server", zone: "fr-par-1" };
    expect(importId(type, id, attributes)).toBe("fr-par-1/server/nic");
    expect(importId(type, id, {})).toBeUndefined();
  },
);

test.each([
  ["scaleway_lb", { lbs: [{ id: "a", name: "demo", status: "error" }] }],
  ["scaleway_vpc_public_gateway", { id: "a", name: "demo", status: "failed" }],
])("what has failed on Scaleway is found as such: %s", (type, read) => {
  const by = recovery[type]?.lookUp;
  if (typeof by !== "object" || "ask" in by) throw new Error(`${type} is not looked up`);
  const lost = { attribute: () => "demo", value: () => "demo" };
  expect(by.candidates(read, lost)).toEqual([{ id: "a", hasFailed: true }]);
});
