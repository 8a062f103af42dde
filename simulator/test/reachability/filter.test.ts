import { describe, expect, it, test } from "@jest/globals";
import { type Filter, holds, judge, type Rule } from "../../reachability/filter";

const packet = {
  source: "203.0.113.7",
  destination: "172.16.4.4",
  protocol: "tcp",
  port: 6443,
} as const;

/** What a filter with this one rule, or none, says of the packet. */
function verdict(rule: Partial<Rule> | undefined, changes: Partial<Filter> = {}, peer?: string) {
  const rules: Rule[] = rule === undefined ? [] : [{ by: "rule", action: "allow", ...rule }];
  const filter: Filter = { by: "filter", rules, otherwise: "deny", ...changes };
  return judge(filter, packet, peer ?? packet.source);
}

const byRule = { allowed: true, by: "rule" };
const byFilter = { allowed: false, by: "filter (no rule matches)" };

describe("a filter", () => {
  test("says what it says otherwise where no rule matches", () => {
    expect(verdict(undefined)).toEqual(byFilter);
    expect(verdict(undefined, { otherwise: "allow" })).toEqual({ ...byFilter, allowed: true });
  });

  test("goes by the first rule that matches", () => {
    const rules: Rule[] = [
      { by: "another port's", action: "allow", ports: [22, 22] },
      { by: "first", action: "deny" },
      { by: "second", action: "allow" },
    ];
    expect(verdict(undefined, { rules, otherwise: "allow" })).toEqual({
      allowed: false,
      by: "first",
    });
  });
});

describe("a rule", () => {
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
  ])("matches where it names %s", (_, rule) => {
    expect(verdict(rule)).toEqual(byRule);
  });

  it.each<[string, Partial<Rule>]>([
    ["another protocol", { protocol: "udp" }],
    ["the port before", { ports: [6442, 6442] }],
    ["the port after", { ports: [6444, 6444] }],
    ["another sender", { peers: ["203.0.113.8"] }],
    ["no sender at all", { peers: [] }],
    ["the sender as an exception", { peers: ["203.0.113.0/24"], except: ["203.0.113.7"] }],
    // Each condition on its own decides.
    [
      "another protocol, and all else right",
      { protocol: "udp", ports: [1, 65535], peers: ["0.0.0.0/0"] },
    ],
  ])("does not match where it names %s", (_, rule) => {
    expect(verdict(rule)).toEqual(byFilter);
  });

  test("asks the other end, which on the way out is not the sender", () => {
    expect(verdict({ peers: ["172.16.4.0/22"] }, {}, "172.16.4.4")).toEqual(byRule);
    expect(verdict({ peers: ["203.0.113.7"] }, {}, "172.16.4.4")).toEqual(byFilter);
  });
});

describe("a range", () => {
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
    // Asked again, it says the same.
    expect(holds([range], address)).toBe(isHeld);
  });

  test("holds nothing where there is none", () => {
    expect(holds([], "172.16.4.4")).toBe(false);
  });
});
