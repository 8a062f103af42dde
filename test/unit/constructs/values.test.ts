import { describe, expect, it, test } from "@jest/globals";
import { nearest } from "../../../constructs/model/suggestion";
import { literal, literalValue } from "../../../constructs/template";
import { Version } from "../../../constructs/model/version";

describe("a string in a place where tofu evaluates templates", () => {
  it.each([
    ["${file(1)} %{if x}", "$${file(1)} %%{if x}"],
    ["$${a}", "$$${a}"],
    ["$5, 100% {a}", "$5, 100% {a}"],
  ])("stays literal: %s", (text, escaped) => {
    expect(literal(text)).toBe(escaped);
  });

  test("is escaped at every depth, keys too, and nothing else is changed", () => {
    expect(literalValue({ "${a}": ["${b}", 1, null, { c: "%{d}" }], e: false })).toEqual({
      "$${a}": ["$${b}", 1, null, { c: "%%{d}" }],
      e: false,
    });
  });
});

describe("a suggestion for a misspelt name", () => {
  const names = ["admin_ip", "cluster_name", "DEV1-M"];

  it.each([
    ["adminip", " Did you mean admin_ip?"],
    ["dev1-m", " Did you mean DEV1-M?"],
    ["clusternames", " Did you mean cluster_name?"],
    ["clunames", ""],
    ["ip", ""],
    ["", ""],
  ])("is offered where a name is near: %j", (text, suggestion) => {
    expect(nearest(text, names)).toBe(suggestion);
  });

  test("is the nearest of several", () => {
    expect(nearest("fr-par-3x", ["fr-par-1", "fr-par-3"])).toBe(" Did you mean fr-par-3?");
    expect(nearest("x", [])).toBe("");
  });
});

describe("a version", () => {
  test("has a release and a contract", () => {
    const version = Version.parse("1.14.1")!;
    expect([version.toString(), version.minorText]).toEqual(["v1.14.1", "v1.14"]);
    expect(version).toMatchObject({ major: 1, minor: 14, patch: 1 });
  });

  test("has numbers of up to three digits", () => {
    expect(Version.parse("v123.456.789")).toMatchObject({ major: 123, minor: 456, patch: 789 });
  });

  it.each([["1.13"], ["v1.14.1-rc.1"], ["vv1.14.1"], ["1.14.1999"], ["a"]])("is not %s", (text) => {
    expect(Version.parse(text)).toBeUndefined();
  });
});
