import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Refusal } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text } from "./harness";
import { Scenario } from "./scenario";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

async function withWayOut(config = {}) {
  const { gateway } = await scenario.gateway();
  return scenario.gatewayNetwork(gateway, config);
}

function problems(): readonly string[] {
  return cloud.machines().flatMap((machine) => machine.problems);
}

describe("a node on Scaleway", () => {
  test("with its NIC attached after the gateway network comes up with its configuration", async () => {
    await withWayOut();
    const node = await scenario.node("node");
    const address = await scenario.reserve("172.16.4.4");
    await scenario.nic(node, { ipam_ip_ids: [text(address, "id")] });
    expect(cloud.machines()).toEqual([
      {
        id: node.id,
        name: "node",
        running: true,
        image: "talos",
        privateAddress: "172.16.4.4",
        publicAddress: undefined,
        userData: "machine: {}",
        problems: [],
      },
    ]);
  });

  test("without a NIC has no address", async () => {
    await scenario.node("node");
    expect(problems()).toEqual(["It has no NIC on a private network, hence no address."]);
  });

  test("cannot reach the internet with a NIC attached before the gateway network was ready", async () => {
    await scenario.nic(await scenario.node("node"));
    expect(problems()).toEqual([expect.stringMatching(/no way out.*no public gateway/)]);
    await withWayOut();
    expect(problems()).toEqual([
      expect.stringMatching(/no way out.*attached before the gateway network was ready/),
    ]);
  });

  test("can reach the internet through a gateway network during whose creation tofu was stopped", async () => {
    const { gateway } = await scenario.gateway();
    const stop = () => Promise.reject(new Refusal("context canceled"));
    expect(await refusal(() => scenario.gatewayNetwork(gateway, {}, stop))).toBe(
      "context canceled",
    );
    await scenario.nic(await scenario.node("node"));
    expect(problems()).toEqual([]);
  });

  test("can reach the internet after a restart of the simulator, whatever happened to the gateway network before", async () => {
    const { gateway } = await scenario.gateway();
    const defaultRoute = await scenario.gatewayNetwork(gateway);
    const given = {
      gateway_id: text(gateway, "id"),
      private_network_id: scenario.networkId,
      ipam_config: { push_default_route: true },
    };
    const without = { ...given, enable_masquerade: false };
    const changed = await cloud.update("scaleway_vpc_gateway_network", defaultRoute, without);
    await cloud.update("scaleway_vpc_gateway_network", changed, given);
    const later = cloud.restarted();
    const after = scenario.on(later);
    await after.nic(await after.node("node"));
    expect(later.machines().flatMap((machine) => machine.problems)).toEqual([]);
  });

  test.each([
    ["masquerading", { enable_masquerade: false }, /no way out.*enable_masquerade/],
    [
      "a pushed default route",
      { ipam_config: { push_default_route: false } },
      /no way out.*push_default_route/,
    ],
  ])("cannot reach the internet behind a gateway without %s", async (_what, config, message) => {
    await withWayOut(config);
    await scenario.nic(await scenario.node("node"));
    expect(problems()).toEqual([expect.stringMatching(message)]);
  });

  test("with a public address at power-on finds no configuration", async () => {
    const ip = await cloud.create("scaleway_instance_ip", {});
    await scenario.node("node", { ip_id: text(ip, "id") });
    expect(cloud.machines()).toMatchObject([{ userData: undefined, publicAddress: ip.address }]);
    expect(problems()).toEqual([
      expect.stringMatching(/had a public address when it was powered on/),
    ]);
  });

  test("that gets a public address later still has its configuration", async () => {
    await withWayOut();
    const node = await scenario.node("node");
    await scenario.nic(node);
    const ip = await cloud.create("scaleway_instance_ip", {});
    const config = { type: "DEV1-M", image: text(node, "image"), ip_id: text(ip, "id") };
    await cloud.update("scaleway_instance_server", node, config);
    expect(cloud.machines()).toMatchObject([{ userData: "machine: {}", problems: [] }]);
  });

  test.each([
    ["no user data of that name", {}, /no user data named "cloud-init"/],
    ["a cloud-config", { "cloud-init": "#cloud-config\n{}" }, /begins with #cloud-config/],
  ])("with %s waits for a configuration", async (_what, user_data, message) => {
    await withWayOut();
    await scenario.nic(await scenario.node("node", { user_data }));
    expect(problems()).toEqual([expect.stringMatching(message)]);
  });

  test("keeps what it found at its first boot when its user data changes", async () => {
    await withWayOut();
    const node = await scenario.node("node");
    await scenario.nic(node);
    const config = {
      type: "DEV1-M",
      image: text(node, "image"),
      user_data: { "cloud-init": "new" },
    };
    await cloud.update("scaleway_instance_server", node, config);
    expect(cloud.machines()[0]?.userData).toBe("machine: {}");
  });

  test("that is stopped is not running", async () => {
    const node = await scenario.node("node", { state: "stopped" });
    expect(cloud.machines()).toMatchObject([
      { running: false, problems: expect.arrayContaining(["It has never been powered on."]) },
    ]);
    const config = { type: "DEV1-M", image: text(node, "image"), state: "started" };
    await cloud.update("scaleway_instance_server", node, config);
    expect(cloud.machines()).toMatchObject([{ running: true }]);
  });
});

test("a bastion on Scaleway has its cloud-config and its public address", async () => {
  const ip = await cloud.create("scaleway_instance_ip", {});
  await cloud.create("scaleway_instance_server", {
    type: "DEV1-S",
    image: "ubuntu_noble",
    name: "bastion",
    ip_id: text(ip, "id"),
    root_volume: { volume_type: "sbs_volume", size_in_gb: 10 },
    user_data: { "cloud-init": "#cloud-config\n{}" },
  });
  expect(cloud.machines()).toMatchObject([
    {
      image: "ubuntu_noble",
      publicAddress: ip.address,
      userData: "#cloud-config\n{}",
      problems: [],
    },
  ]);
});

test("machines on Scaleway are listed in the order of their creation, also after a restart", async () => {
  await scenario.node("a");
  await scenario.node("b");
  expect(
    cloud
      .restarted()
      .machines()
      .map(({ name }) => name),
  ).toEqual(["a", "b"]);
});
