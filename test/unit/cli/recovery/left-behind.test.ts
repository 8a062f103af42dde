import { expect, test } from "@jest/globals";
import { unknownTo } from "../../../../src/cli/recovery/left-behind";
import { outcomeOf } from "../../../../src/cli/recovery/outcome";

const address = "scaleway_instance_server.worker_0";

/** What is reported about one resource: its id in the state, then events of the journal. */
function left(stateId: string | undefined, ...events: [string, string, string?][]) {
  const state = {
    has: (one: string) => one === address && stateId !== undefined,
    idOf: (one: string) => (one === address ? stateId : undefined),
  };
  const journal = events.map(([action, type, id]) => ({
    type,
    hook: { resource: { addr: address }, action, ...(id !== undefined && { id_value: id }) },
  }));
  const found = Object.entries(unknownTo(state, outcomeOf(journal)));
  return Object.fromEntries(found.filter(([, some]: [string, unknown[]]) => some.length > 0));
}

const destroyed: [string, string, string?][] = [
  ["delete", "apply_start", "old"],
  ["delete", "apply_complete"],
];

test("a change in progress is reported, also while the state still has the prior object", () => {
  expect(left(undefined, ["create", "apply_start"])).toEqual({ underWay: [address] });
  expect(left("old", ...destroyed, ["create", "apply_start"])).toEqual({
    underWay: [address],
    destroyed: [address],
  });
});

test("a change in progress is known when the state has another id than the destroyed one", () => {
  expect(left("new", ...destroyed, ["create", "apply_start"])).toEqual({});
});

test("a created object is lost where the state has none, or the prior one", () => {
  const created: [string, string, string?][] = [
    ["create", "apply_start"],
    ["create", "apply_complete", "new"],
  ];
  expect(left(undefined, ...created)).toEqual({ made: [{ address, id: "new", replaces: false }] });
  expect(left("old", ...destroyed, ...created)).toEqual({
    made: [{ address, id: "new", replaces: true }],
  });
  expect(left("new", ...destroyed, ...created)).toEqual({});
});

test("a deletion is reported that the state does not have, or whose end is not in the journal", () => {
  expect(left("old", ...destroyed)).toEqual({ destroyed: [address] });
  expect(left("old", ["delete", "apply_start", "old"])).toEqual({ ending: [address] });
  expect(left(undefined, ["delete", "apply_start", "old"])).toEqual({});
});
