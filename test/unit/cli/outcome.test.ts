import { describe, expect, test } from "@jest/globals";
import { outcomeOf } from "../../../src/cli/up/outcome";
import type { JournalEvent } from "../../../src/tofu/journal";

const address = "scaleway_lb_ip.api";
const hook = (type: string, more: object = {}): JournalEvent => ({
  type,
  hook: { resource: { addr: address }, action: "create", ...more },
});
const error = (summary: string, of: string | undefined = address): JournalEvent => ({
  type: "diagnostic",
  diagnostic: { severity: "error", summary, detail: "", address: of },
});
const outcome = (...events: JournalEvent[]) => {
  const { made, begun } = outcomeOf(events);
  return { made: [...made], begun: [...begun] };
};

describe("what a journal says of a creation", () => {
  test("done, with its id", () => {
    expect(outcome(hook("apply_start"), hook("apply_complete", { id_value: "x" }))).toEqual({
      made: [[address, "x"]],
      begun: [],
    });
  });

  test("begun, and nothing more: it may exist", () => {
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

  test("nobody was left to say why it failed: it may exist", () => {
    expect(outcome(hook("apply_start"), hook("apply_errored"))).toEqual({
      made: [],
      begun: [address],
    });
  });

  test("failed without a word, and made by a later run", () => {
    const later = hook("apply_complete", { id_value: "x" });
    expect(outcome(hook("apply_start"), hook("apply_errored"), later)).toEqual({
      made: [[address, "x"]],
      begun: [],
    });
  });
});
