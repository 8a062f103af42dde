import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Cloud, refusal, removeFolders, text } from "./harness";
import { Scenario } from "./scenario";

const GATEWAY = "scaleway_vpc_public_gateway";
const GATEWAY_IP = "scaleway_vpc_public_gateway_ip";
const GATEWAY_NETWORK = "scaleway_vpc_gateway_network";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

describe("public gateway", () => {
  test("runs with the API's defaults, and plans no change afterwards", async () => {
    const { ip, gateway } = await scenario.gateway();
    expect(gateway).toMatchObject({
      status: "running",
      bandwidth: 100,
      bastion_port: 61000,
      bastion_enabled: false,
      allowed_ip_ranges: ["0.0.0.0/0"],
      ip_id: ip.id,
    });
    const config = { type: "vpc-gw-s", zone: "fr-par-1", ip_id: text(ip, "id") };
    expect(cloud.plan(GATEWAY, config, gateway).isEmpty).toBe(true);
  });

  test("is not sold in fr-par-3", async () => {
    expect(await refusal(() => scenario.gateway("fr-par-3"))).toMatch(
      /fr-par-3 is not available for this product/,
    );
  });

  test("refuses a port of its bastion outside the range", () => {
    expect(cloud.validate(GATEWAY, { type: "VPC-GW-S", bastion_port: 80 })).toMatchObject([
      {
        summary: "expected bastion_port to be in the range (1024 - 59999) or default 61000, got 80",
      },
    ]);
    expect(cloud.validate(GATEWAY, { type: "VPC-GW-S", bastion_port: 61000 })).toEqual([]);
  });

  test("is replaced by another address, not by another type", async () => {
    const { ip, gateway } = await scenario.gateway();
    const other = await cloud.create(GATEWAY_IP, {});
    const plan = (type: string, id: string) =>
      cloud.plan(GATEWAY, { type, ip_id: id }, gateway).replacedBy;
    expect(plan("VPC-GW-S", text(other, "id"))).toEqual(["ip_id"]);
    expect(plan("VPC-GW-M", text(ip, "id"))).toEqual([]);
  });

  test("without an address gets one that is left behind", async () => {
    const gateway = await cloud.create(GATEWAY, { type: "VPC-GW-S" });
    await cloud.delete(GATEWAY, gateway);
    expect(await cloud.read(GATEWAY_IP, { id: text(gateway, "ip_id") })).not.toBeNull();
  });

  test("leaks its address when that is deleted while attached, with no more than a warning", async () => {
    const { ip } = await scenario.gateway();
    await cloud.delete(GATEWAY_IP, ip);
    expect(cloud.warnings).toEqual([expect.stringMatching(/precondition failed.*still in use/)]);
    expect(await cloud.read(GATEWAY_IP, ip)).not.toBeNull();
  });

  test("loses its address when that is deleted after it", async () => {
    const { ip, gateway } = await scenario.gateway();
    await cloud.delete(GATEWAY, gateway);
    await cloud.delete(GATEWAY_IP, ip);
    expect(cloud.warnings).toEqual([]);
    expect(await cloud.read(GATEWAY_IP, ip)).toBeNull();
  });

  test("is not deleted while it is on a private network", async () => {
    const { gateway } = await scenario.gateway();
    const leg = await scenario.gatewayNetwork(gateway);
    expect(await refusal(() => cloud.delete(GATEWAY, gateway))).toMatch(/still in use/);
    await cloud.delete(GATEWAY_NETWORK, leg);
    await cloud.delete(GATEWAY, gateway);
  });
});

describe("gateway network", () => {
  test("has the reserved address, whose reservation then shows the owner", async () => {
    const { gateway } = await scenario.gateway();
    const address = await scenario.reserve("172.16.4.2");
    expect(address.resource).toEqual([]);
    const leg = await scenario.gatewayNetwork(gateway, {
      ipam_config: { push_default_route: true, ipam_ip_id: text(address, "id") },
    });
    expect(leg).toMatchObject({
      status: "ready",
      enable_masquerade: true,
      mac_address: expect.stringMatching(/^02:00:00:[0-9A-F:]{8}$/),
      private_ip: [{ address: "172.16.4.2" }],
      ipam_config: [{ ipam_ip_id: text(address, "id").split("/")[1] }],
    });
    expect(await cloud.read("scaleway_ipam_ip", address)).toMatchObject({
      resource: [{ type: "vpc_gateway_network", mac_address: leg.mac_address }],
    });
  });

  test("plans no change though its reservation is read back without the region", async () => {
    const { gateway } = await scenario.gateway();
    const address = await scenario.reserve("172.16.4.2");
    const config = {
      gateway_id: text(gateway, "id"),
      private_network_id: scenario.networkId,
      ipam_config: { push_default_route: true, ipam_ip_id: text(address, "id") },
    };
    const leg = await cloud.create(GATEWAY_NETWORK, config);
    expect(cloud.plan(GATEWAY_NETWORK, config, leg).isEmpty).toBe(true);
  });

  test("releases its reserved address when it is deleted, not before", async () => {
    const { gateway } = await scenario.gateway();
    const address = await scenario.reserve("172.16.4.2");
    const leg = await scenario.gatewayNetwork(gateway, {
      ipam_config: { ipam_ip_id: text(address, "id") },
    });
    expect(await refusal(() => cloud.delete("scaleway_ipam_ip", address))).toMatch(
      /precondition failed: resource is still in use, IP is still attached to a resource/,
    );
    await cloud.delete(GATEWAY_NETWORK, leg);
    await cloud.delete("scaleway_ipam_ip", address);
  });

  test("is refused for a gateway of another zone", async () => {
    const { gateway } = await scenario.gateway("fr-par-2");
    expect(await refusal(() => scenario.gatewayNetwork(gateway, { zone: "fr-par-1" }))).toMatch(
      /is not found$/,
    );
  });

  test("is refused for a private network of another region", async () => {
    const ip = await cloud.create(GATEWAY_IP, { zone: "nl-ams-1" });
    const gateway = await cloud.create(GATEWAY, {
      type: "VPC-GW-S",
      zone: "nl-ams-1",
      ip_id: text(ip, "id"),
    });
    expect(await refusal(() => scenario.gatewayNetwork(gateway, { zone: "nl-ams-1" }))).toMatch(
      /resource private_network with ID .* is not found/,
    );
  });

  test("is refused a reservation of another private network", async () => {
    const { gateway } = await scenario.gateway();
    const other = await cloud.create("scaleway_vpc_private_network", {
      vpc_id: text(scenario.network, "vpc_id"),
      ipv4_subnet: { subnet: "172.16.8.0/22" },
    });
    const address = await cloud.create("scaleway_ipam_ip", {
      source: { private_network_id: text(other, "id") },
    });
    const attach = () =>
      scenario.gatewayNetwork(gateway, { ipam_config: { ipam_ip_id: text(address, "id") } });
    expect(await refusal(attach)).toMatch(/does not belong to Private Network/);
  });

  test("gets an address of its own when none is reserved for it", async () => {
    const { gateway } = await scenario.gateway();
    const leg = await scenario.gatewayNetwork(gateway);
    expect(leg.private_ip).toMatchObject([{ address: "172.16.4.2" }]);
    await cloud.delete(GATEWAY_NETWORK, leg);
    expect(cloud.store.count().scaleway_ipam_ip).toBeUndefined();
  });

  test("refuses ipam_config beside static_address", () => {
    const config = {
      gateway_id: "11111111-1111-1111-1111-111111111111",
      private_network_id: "11111111-1111-1111-1111-111111111111",
      static_address: "172.16.4.9/22",
      ipam_config: {},
    };
    expect(cloud.validate(GATEWAY_NETWORK, config).map(({ detail }) => detail)).toEqual([
      '"static_address": conflicts with ipam_config',
      '"ipam_config": conflicts with static_address',
    ]);
  });
});
