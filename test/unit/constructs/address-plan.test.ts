import { expect, test } from "@jest/globals";
import { planInQuarters } from "../../../constructs/model/address-plan";
import { Cidr } from "../../../constructs/model/cidr";

test("a wider network is planned in quarters too", () => {
  const { bastion, slots } = planInQuarters(Cidr.parse("10.0.0.0/16")!);
  expect(bastion).toBe("10.0.192.250");
  expect([slots.controlPlane(0), slots.worker(0)]).toEqual(["10.0.0.4", "10.0.64.4"]);
});
