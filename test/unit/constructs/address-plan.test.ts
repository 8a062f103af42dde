import { describe, expect, test } from "@jest/globals";
import { planInQuarters } from "../../../constructs/model/address-plan";
import { Cidr } from "../../../constructs/model/cidr";
import { cloudProviders } from "../../../providers";

test("a wider network is planned in quarters too", () => {
  const { bastion, slots } = planInQuarters(Cidr.parse("10.0.0.0/16")!, []);
  expect(bastion).toBe("10.0.192.250");
  expect([slots.controlPlane(0), slots.worker(0)]).toEqual(["10.0.0.4", "10.0.64.4"]);
});

describe("the blocks of pools", () => {
  const ends = (cloud: keyof typeof cloudProviders, network: string, number: number) => {
    const zones = ["a", "b"];
    const { slots, blocks } = cloudProviders[cloud].planAddresses(Cidr.parse(network)!, zones);
    const { mostNodes, mostWorkers } = blocks[number - 1]!;
    const pool = { addressBlock: number, zones: ["a"] };
    return [slots.pool(pool, 0), slots.pool(pool, mostNodes - 1), mostNodes, mostWorkers];
  };

  test.each([
    ["172.16.4.0/22", 1, ["172.16.6.224", "172.16.6.255", 32, 476]],
    ["172.16.4.0/22", 15, ["172.16.5.32", "172.16.5.63", 32, 28]],
    ["10.0.0.0/16", 1, ["10.0.184.0", "10.0.191.255", 2048, 30716]],
  ])("are cut from the end of the workers' range: %s, block %i", (network, number, expected) => {
    expect(ends("scaleway", network, number)).toEqual(expected);
    expect(ends("ovh", network, number)).toEqual(expected);
  });

  // No address ends in .0 to .3 or .255.
  test.each([
    ["172.16.4.0/22", 1, ["172.16.4.224", "172.16.4.254", 31, 192]],
    ["172.16.4.0/22", 7, ["172.16.4.32", "172.16.4.63", 32, 0]],
    ["10.0.0.0/21", 4, ["10.0.1.4", "10.0.1.63", 60, 223]],
    ["10.0.0.0/21", 3, ["10.0.1.64", "10.0.1.127", 64, 255]],
    ["10.0.0.0/16", 1, ["10.0.56.4", "10.0.63.254", 2008, 12488]],
  ])("are those of each subnet on Outscale: %s, block %i", (network, number, expected) => {
    expect(ends("outscale", network, number)).toEqual(expected);
  });

  test("are in the subnet of a node's own zone on Outscale", () => {
    const { slots } = cloudProviders.outscale.planAddresses(Cidr.parse("172.16.4.0/22")!, [
      "a",
      "b",
      "a",
    ]);
    const pool = { addressBlock: 1, zones: ["b", "a"] };
    expect([slots.pool(pool, 0), slots.pool(pool, 1)]).toEqual(["172.16.5.224", "172.16.4.225"]);
  });
});
