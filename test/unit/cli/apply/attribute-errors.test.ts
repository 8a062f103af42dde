import { expect, test } from "@jest/globals";
import { errorsOf } from "../../../../src/cli/apply/attribute-errors";
import type { TofuEvent } from "../../../../src/tofu/events";

const failed = (addr: string): TofuEvent => ({
  type: "apply_errored",
  hook: { action: "delete", resource: { addr } },
});
const reported = (summary: string, address?: string): TofuEvent => ({
  type: "diagnostic",
  diagnostic: { severity: "error", summary, detail: "", ...(address ? { address } : {}) },
});
const lines = (...events: TofuEvent[]) =>
  errorsOf(events).map(({ source, summary }) => [source, summary]);

test("an error with an address keeps it, and warnings are no errors", () => {
  const warning: TofuEvent = {
    diagnostic: { severity: "warning", summary: "slow", detail: "" },
  };
  expect(lines(failed("lb.api"), reported("500", "lb.api"), warning)).toEqual([["lb.api", "500"]]);
  expect(lines(reported("no credentials"))).toEqual([[undefined, "no credentials"]]);
});

test("a deletion's error is attributed to its address where that is certain", () => {
  expect(lines(failed("net.a"), reported("409"))).toEqual([["net.a", "409"]]);
  expect(lines(failed("net.a"), failed("ip.b"), reported("500"), reported("500"))).toEqual([
    ["net.a", "500"],
    ["ip.b", "500"],
  ]);
});

test("where it is uncertain, all resources that were not done are named", () => {
  expect(
    lines(
      failed("net.a"),
      failed("ip.b"),
      failed("lb.c"),
      reported("500"),
      reported("409"),
      reported("5", "lb.c"),
    ),
  ).toEqual([
    [undefined, "500"],
    [undefined, "409"],
    ["lb.c", "5"],
    [undefined, "Not done: net.a, ip.b"],
  ]);
});
