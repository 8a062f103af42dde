import { describe, expect, it, test } from "@jest/globals";
import { type Filter, holds, evaluate, type Rule } from "../../reachability/filter";

const packet = {
  source: "203.0.113.7",
  destination: "172.16.4.4",
  protocol: "tcp",
  port: 6443,
} as const;

/** What a filter with this one rule, or none, decides about the packet. */
function decision(rule: Partial<Rule> | undefined, changes: Partial<Filter> = {}, peer?: string) {
  const rules: Rule[] = rule === undefined ? [] : [{ by: "rule", action: "allow", ...rule }];
  const filter: Filter = { by: "filter", rules, defaultAction: "deny", ...changes };
  return evaluate(filter, packet, peer ?? packet.source);
}

const byRule = { allowed: true, by: "rule" };
const byFilter = { allowed: false, by: "filter (no rule matches)" };

describe("a filter of packets", () => {
  test("applies its default action where no rule matches", () => {
    expect(decision(undefined)).toEqual(byFilter);
    expect(decision(undefined, { defaultAction: "allow" })).toEqual({ ...byFilter, allowed: true });
  });

  test("applies the first rule that matches", () => {
    const rules: Rule[] = [
      { by: "another port's", action: "allow", ports: [22, 22] },
      { by: "first", action: "deny" },
      { by: "second", action: "allow" },
    ];
    expect(decision(undefined, { rules, defaultAction: "allow" })).toEqual({
      allowed: false,
      by: "first",
    });
  });
});

describe("a rule of a filter", () => {
  it.each<[string, Partial<Rule>]>([
    ["nothing", {}],
    ["the protocol", { protocol: "tcp" }],
    ["one port", { ports: [6443, 6443] }],
    ["ports up to it", { ports: [6000, 6443] }],
    ["ports from it on", { ports: [6443, 7000] }],
    ["ports around it", { ports: [1, 65535] }],
    ["the sender's address", { peers: ["203.0.113.7"] }],
    ["the sender's network, among others", { peers: ["10.0.0.0/8", "203.0.113.0/24"] }],
    ["an exception that is not the sender", { except: ["203.0.113.8"] }],
  ])("matches when it names %s", (_, rule) => {
    expect(decision(rule)).toEqual(byRule);
  });

  it.each<[string, Partial<Rule>]>([
    ["another protocol", { protocol: "udp" }],
    ["the port before", { ports: [6442, 6442] }],
    ["the port after", { ports: [6444, 6444] }],
    ["another sender", { peers: ["203.0.113.8"] }],
    ["no sender at all", { peers: [] }],
    ["the sender as an exception", { peers: ["203.0.113.0/24"], except: ["203.0.113.7"] }],
    // Each condition decides alone.
    [
      "another protocol, and all else right",
      { protocol: "udp", ports: [1, 65535], peers: ["0.0.0.0/0"] },
    ],
  ])("does not match when it names %s", (_, rule) => {
    expect(decision(rule)).toEqual(byFilter);
  });

  test("compares the other end, which for outbound traffic is not the sender", () => {
    expect(decision({ peers: ["172.16.4.0/22"] }, {}, "172.16.4.4")).toEqual(byRule);
    expect(decision({ peers: ["203.0.113.7"] }, {}, "172.16.4.4")).toEqual(byFilter);
  });
});

describe("a range of addresses", () => {
  it.each([
    ["172.16.4.0/22", "172.16.4.0", true],
    ["172.16.4.0/22", "172.16.7.255", true],
    ["172.16.4.0/22", "172.16.3.255", false],
    ["172.16.4.0/22", "172.16.8.0", false],
    ["172.16.4.4", "172.16.4.4", true],
    ["172.16.4.4", "172.16.4.5", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["2001:db8::/32", "172.16.4.4", false],
    ["a security group", "172.16.4.4", false],
  ])("%s and %s: %s", (range, address, isHeld) => {
    expect(holds([range], address)).toBe(isHeld);
    // A second call gives the same answer.
    expect(holds([range], address)).toBe(isHeld);
  });

  test("contains nothing where there is none", () => {
    expect(holds([], "172.16.4.4")).toBe(false);
  });
});
