import { describe, expect, it, test } from "@jest/globals";
import { Cidr } from "../../../constructs/model/cidr";

const cidr = (text: string) => Cidr.parse(text)!;

describe("an IPv4 network", () => {
  it.each([
    ["172.16.4.0/22", "172.16.4.0/22"],
    ["203.0.113.7", "203.0.113.7/32"],
    ["203.0.113.7/24", "203.0.113.0/24"],
    ["0.0.0.0/0", "0.0.0.0/0"],
  ])("is parsed from %s", (text, normal) => {
    expect(cidr(text).toString()).toBe(normal);
  });

  it.each([["172.16.4"], ["172.16.4.0/33"], ["172.16.4.0/"], ["::1"], ["a"], [""]])(
    "is not parsed from %j",
    (text) => {
      expect(Cidr.parse(text)).toBeUndefined();
    },
  );

  test("says whether the string named an address inside it", () => {
    expect(Cidr.hadHostBits("203.0.113.7/24")).toBe(true);
    expect(Cidr.hadHostBits("203.0.113.0/24")).toBe(false);
    expect(Cidr.hadHostBits("203.0.113.7")).toBe(false);
    expect(Cidr.hadHostBits("no address")).toBe(false);
  });

  test("counts its addresses from its first", () => {
    expect(cidr("172.16.4.0/22").size).toBe(1024);
    expect(cidr("172.16.4.0/22").host(0)).toBe("172.16.4.0");
    expect(cidr("172.16.4.0/22").host(256)).toBe("172.16.5.0");
    expect(cidr("203.0.113.7").size).toBe(1);
  });

  test("contains itself and what is in it, and overlaps either way", () => {
    const [wide, narrow, apart] = [cidr("10.0.0.0/8"), cidr("10.1.0.0/16"), cidr("11.0.0.0/8")];
    expect([wide.contains(narrow), narrow.contains(wide), wide.contains(wide)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([wide.overlaps(narrow), narrow.overlaps(wide), wide.overlaps(apart)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ["10.255.0.0/16", true],
    ["172.31.252.0/22", true],
    ["192.168.0.0/16", true],
    ["172.15.0.0/16", false],
    ["192.169.0.0/22", false],
    ["192.168.0.0/15", false],
    ["100.64.0.0/16", false],
  ])("is private as a whole or not at all: %s", (text, isPrivate) => {
    expect(cidr(text).isPrivate).toBe(isPrivate);
  });
});
