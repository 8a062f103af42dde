import { describe, expect, test } from "@jest/globals";
import { outcomeOf } from "../../../../src/cli/recovery/outcome";
import type { TofuEvent } from "../../../../src/tofu/events";
import { absentType } from "../../../../src/tofu/journal";

const address = "scaleway_lb_ip.api";
const hook = (type: string, more: object = {}): TofuEvent => ({
  type,
  hook: { resource: { addr: address }, action: "create", ...more },
});
const error = (summary: string, of: string | undefined = address): TofuEvent => ({
  type: "diagnostic",
  diagnostic: { severity: "error", summary, detail: "", address: of },
});
const outcome = (...events: TofuEvent[]) => {
  const { made, begun } = outcomeOf(events);
  return { made: [...made], begun: [...begun] };
};

describe("the outcome of a creation, from a journal:", () => {
  test("done, with its id", () => {
    expect(outcome(hook("apply_start"), hook("apply_complete", { id_value: "x" }))).toEqual({
      made: [[address, "x"]],
      begun: [],
    });
  });

  test("started, and nothing more: it may exist", () => {
    expect(outcome(hook("apply_start"))).toEqual({ made: [], begun: [address] });
  });

  test("refused by the cloud: it does not exist", () => {
    const events = [hook("apply_start"), hook("apply_errored"), error("quota exceeded")];
    expect(outcome(...events)).toEqual({ made: [], begun: [] });
  });

  test("its answer was lost: it may exist", () => {
    const events = [hook("apply_start"), hook("apply_errored"), error("context deadline exceeded")];
    expect(outcome(...events)).toEqual({ made: [], begun: [address] });
  });

  test("the provider died, which names no resource: it may exist", () => {
    const died = error("Plugin did not respond", undefined);
    const events = [hook("apply_start"), hook("apply_errored"), { ...died }];
    delete (events[2]?.diagnostic as { address?: string } | undefined)?.address;
    expect(outcome(...events)).toEqual({ made: [], begun: [address] });
  });

  test("failed after the journal ended: it may exist", () => {
    expect(outcome(hook("apply_start"), hook("apply_errored"))).toEqual({
      made: [],
      begun: [address],
    });
  });

  test("failed without a message, and created by a later run", () => {
    const later = hook("apply_complete", { id_value: "x" });
    expect(outcome(hook("apply_start"), hook("apply_errored"), later)).toEqual({
      made: [[address, "x"]],
      begun: [],
    });
  });
});

describe("a creation that the cloud refused because the object exists", () => {
  const words = /already exists\. Rule id is (?<id>[\w-]+)|name is taken/;
  const refused = (summary: string, ...more: TofuEvent[]) => {
    const events = [hook("apply_start"), hook("apply_errored"), error(summary), ...more];
    return outcomeOf(events, (of) => (of === address ? words : undefined));
  };

  test("is reported with the id that the refusal names", () => {
    const { refused: found, begun } = refused("409: already exists. Rule id is r-1.");
    expect([...found]).toEqual([[address, "r-1"]]);
    expect([...begun]).toEqual([]);
  });

  test("is reported without an id where the refusal names none", () => {
    expect([...refused("the name is taken").refused]).toEqual([[address, undefined]]);
  });

  test("is ignored when the message is of another type, or a later run created it", () => {
    expect([...refused("quota exceeded").refused]).toEqual([]);
    const later = hook("apply_complete", { id_value: "x" });
    expect([...refused("the name is taken", hook("apply_start"), later).refused]).toEqual([]);
  });
});

test("what a user has confirmed not to exist is neither created nor in progress", () => {
  const absent: TofuEvent = { type: absentType, hook: { resource: { addr: address } } };
  expect(outcome(hook("apply_start"), absent)).toEqual({ made: [], begun: [] });
  expect(outcome(hook("apply_start"), hook("apply_complete", { id_value: "x" }), absent)).toEqual({
    made: [],
    begun: [],
  });
});
