import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { Cloud, refusal, removeFolders, text } from "./harness";
import { nodeConfig, Scenario } from "./scenario";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud({ quotas: "verified" });
  scenario = await Scenario.in(cloud);
});
afterAll(removeFolders);

const quota = (what: string, current: number, most: number) =>
  `scaleway-sdk-go: quota exceeded(s): ${what} has reached its quota (${current}/${most})`;

/** A machine of a type that has no quota of its own. */
const node = (index: number) =>
  cloud.create("scaleway_instance_server", {
    ...nodeConfig(cloud, `node-${index}`),
    type: "PRO2-S",
  });

/** Does it that many times, and once more, which must be refused. */
async function exceedQuota(
  most: number,
  create: (index: number) => Promise<unknown>,
): Promise<string> {
  for (let index = 0; index < most; index++) await create(index);
  return refusal(() => create(most));
}

test("the 201st volume of an organization is refused, however small its nodes", async () => {
  expect(await exceedQuota(200, node)).toBe(quota("volume", 200, 200));
});

test("the 256th network card is refused", async () => {
  // A server is on eight private networks at most.
  const networks = [scenario.networkId];
  for (let index = 1; index < 8; index++) {
    const network = await cloud.create("scaleway_vpc_private_network", {
      name: `more-${index}`,
      vpc_id: text(scenario.network, "vpc_id"),
    });
    networks.push(text(network, "id"));
  }
  let server = "";
  const card = async (index: number) => {
    if (index % networks.length === 0) server = text(await node(index), "id");
    return cloud.create("scaleway_instance_private_nic", {
      server_id: server,
      private_network_id: networks[index % networks.length] ?? "",
      zone: "fr-par-1",
    });
  };
  expect(await exceedQuota(255, card)).toBe(quota("instance_private_nic", 255, 255));
});

test("the 501st security rule is refused, which a long admin_ip creates", async () => {
  const group = (count: number) =>
    cloud.create("scaleway_instance_security_group", {
      inbound_rule: Array.from({ length: count }, (_, index) => ({
        action: "accept",
        port: 22,
        ip_range: `198.18.${Math.floor(index / 256)}.${index % 256}/32`,
      })),
    });
  await group(400);
  expect(await refusal(() => group(101))).toBe(quota("instance_security_group_rule", 400, 500));
  await group(100);
});

test("the 51st load balancer is refused", async () => {
  const create = () => cloud.create("scaleway_lb", { type: "LB-S", assign_flexible_ip: true });
  expect(await exceedQuota(50, create)).toBe(quota("lb", 50, 50));
});

test("the 51st public address of instances is refused", async () => {
  const create = () => cloud.create("scaleway_instance_ip", {});
  expect(await exceedQuota(50, create)).toBe(quota("instance_ip", 50, 50));
});

test("the quotas of an account that is not verified are lower", async () => {
  cloud = new Cloud();
  const create = () => cloud.create("scaleway_instance_ip", {});
  expect(await exceedQuota(20, create)).toBe(quota("instance_ip", 20, 20));
});
