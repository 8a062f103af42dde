import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { Scenario, nodeConfig } from "./scenario";

const SERVER = "scaleway_instance_server";
const NIC = "scaleway_instance_private_nic";
const GROUP = "scaleway_instance_security_group";
const PLACEMENT = "scaleway_instance_placement_group";
const IP = "scaleway_instance_ip";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

const BASTION: Config = {
  name: "bastion",
  type: "DEV1-S",
  image: "ubuntu_noble",
  root_volume: { volume_type: "sbs_volume", size_in_gb: 10 },
};

describe("server", () => {
  test("starts, and plans no change afterwards", async () => {
    const node = await scenario.node("node");
    expect(node).toMatchObject({
      state: "started",
      boot_type: "local",
      private_ips: [],
      public_ips: [],
      user_data: { "cloud-init": "machine: {}" },
      root_volume: [
        { size_in_gb: 20, sbs_iops: 5000, name: "talos_sbs_volume_0", delete_on_termination: true },
      ],
    });
    expect(cloud.plan(SERVER, nodeConfig(cloud, "node"), node).isEmpty).toBe(true);
    expect(await cloud.read(SERVER, node)).toEqual(node);
  });

  test("keeps the configured label, and the size of the image", async () => {
    const bastion = await cloud.create(SERVER, {
      ...BASTION,
      root_volume: { volume_type: "sbs_volume" },
    });
    expect(bastion).toMatchObject({ image: "ubuntu_noble", root_volume: [{ size_in_gb: 10 }] });
  });

  test("accepts a label with hyphens", async () => {
    expect((await cloud.create(SERVER, { ...BASTION, image: "ubuntu-noble" })).image).toBe(
      "ubuntu-noble",
    );
  });

  test("lists its private addresses only from the next read on", async () => {
    const node = await scenario.node("node");
    const address = await scenario.reserve("172.16.4.4");
    await scenario.nic(node, { ipam_ip_ids: [text(address, "id")] });
    expect(node.private_ips).toEqual([]);
    expect(await cloud.read(SERVER, node)).toMatchObject({
      private_ips: [{ address: "172.16.4.4" }],
    });
  });

  test.each<[string, Config, RegExp]>([
    [
      "a type that is not sold in its zone",
      { type: "DEV1-M", zone: "fr-par-3" },
      /^could not find a server type associated with DEV1-M in zone fr-par-3\nEnsure/,
    ],
    [
      "a type that does not exist",
      { type: "HUGE-1" },
      /^could not find a server type associated with HUGE-1 in zone fr-par-1/,
    ],
    [
      "an ARM type with an x86 image",
      { type: "BASIC2-A2C-4G" },
      /image talos is x86_64, server type BASIC2-A2C-4G is arm64/,
    ],
    [
      "a label that the marketplace does not have",
      { image: "talos" },
      /^could not get image 'fr-par-1\/talos'/,
    ],
    [
      "an image that the account does not have",
      { image: "11111111-1111-1111-1111-111111111111" },
      /resource instance_image with ID 11111111-.* is not found/,
    ],
    [
      "user data of more than 127998 bytes",
      { user_data: { "cloud-init": "x".repeat(127999) } },
      /user_data does not respect constraint/,
    ],
    [
      "a local disk larger than its type has",
      { root_volume: { volume_type: "l_ssd", size_in_gb: 41 } },
      /^DEV1-M total local volume size must be between 0 B and 40 GB$/,
    ],
    [
      "a local disk for an image of block storage",
      { root_volume: { volume_type: "l_ssd" } },
      /needs a sbs_volume root/,
    ],
    [
      "a disk smaller than its image",
      { root_volume: { volume_type: "sbs_volume", size_in_gb: 5 } },
      /needs at least 10 GB/,
    ],
    [
      "a speed that block storage does not have",
      { root_volume: { volume_type: "sbs_volume", sbs_iops: 1 } },
      /must be one of 5000, 15000/,
    ],
    [
      "a security group that does not exist",
      { security_group_id: "fr-par-1/11111111-1111-1111-1111-111111111111" },
      /resource security_group with ID .* is not found/,
    ],
  ])("refuses %s", async (_what, invalid, message) => {
    const zone = typeof invalid.zone === "string" ? invalid.zone : "fr-par-1";
    const create = () => cloud.create(SERVER, { ...nodeConfig(cloud, "node", zone), ...invalid });
    expect(await refusal(create)).toMatch(message);
    expect(cloud.store.count()[SERVER]).toBeUndefined();
  });

  test("refuses an image and a security group of another zone at apply, not at plan", async () => {
    const group = await cloud.create(GROUP, { zone: "fr-par-2" });
    const image = cloud.data("scaleway_instance_image", { name: "talos", zone: "fr-par-2" });
    const invalidConfigs: Config[] = [
      { security_group_id: text(group, "id") },
      { image: text(image, "id") },
    ];
    for (const invalid of invalidConfigs) {
      const config = { ...nodeConfig(cloud, "node"), ...invalid };
      expect(cloud.plan(SERVER, config).replacedBy).toEqual([]);
      expect(await refusal(() => cloud.create(SERVER, config))).toMatch(/is not found$/);
    }
  });

  test("refuses an address or a placement group of another zone at plan", async () => {
    const away = "fr-par-2/11111111-1111-1111-1111-111111111111";
    for (const key of ["ip_id", "placement_group_id"])
      expect(
        await refusal(() => cloud.plan(SERVER, { ...BASTION, zone: "fr-par-1", [key]: away })),
      ).toBe(`given ${key} ${away} has different locality than the resource "fr-par-1"`);
  });

  test("has no block storage in it-mil-1", async () => {
    const config = { ...nodeConfig(cloud, "node", "it-mil-1") };
    expect(await refusal(() => cloud.create(SERVER, config))).toMatch(/it-mil-1 is not available/);
  });

  test("needs an image or a volume, and not both", () => {
    const details = (config: Config) => cloud.validate(SERVER, config).map(({ detail }) => detail);
    expect(details({ type: "DEV1-S" })).toEqual([
      '"image": one of `image,root_volume.0.volume_id` must be specified',
    ]);
    expect(details({ ...BASTION, root_volume: { volume_id: "x" } })).toEqual([
      '"image": only one of `image,root_volume.0.volume_id` can be specified, but `image,root_volume.0.volume_id` were specified.',
    ]);
  });

  test("refuses the legacy volumes and a cloud_init that is too long at validation", () => {
    const old = { ...BASTION, root_volume: { volume_type: "b_ssd" } };
    expect(cloud.validate(SERVER, old)).toMatchObject([
      { summary: "b_ssd volumes are not supported anymore" },
    ]);
    const long = cloud.validate(SERVER, { ...BASTION, cloud_init: "x".repeat(127999) });
    expect(long[0]?.summary).toMatch(
      /^expected length of cloud_init to be in the range \(0 - 127998\)/,
    );
  });

  test.each<[string, Config, string[]]>([
    ["another image", { image: "ubuntu_jammy" }, ["image"]],
    [
      "another kind of volume",
      { root_volume: { volume_type: "l_ssd", size_in_gb: 10 } },
      ["root_volume.0.volume_type"],
    ],
    ["another zone", { zone: "fr-par-2" }, ["zone"]],
    ["another type if so wished", { type: "DEV1-M", replace_on_type_change: true }, ["type"]],
    ["nothing for another type otherwise", { type: "DEV1-M" }, []],
    ["nothing for other user data", { user_data: { "cloud-init": "y" } }, []],
    [
      "nothing for a larger disk",
      { root_volume: { volume_type: "sbs_volume", size_in_gb: 20 } },
      [],
    ],
    ["nothing for another name", { name: "b" }, []],
  ])("is replaced by %s", async (_what, change, replacedBy) => {
    const bastion = await cloud.create(SERVER, { ...BASTION, zone: "fr-par-1" });
    const plan = cloud.plan(SERVER, { ...BASTION, zone: "fr-par-1", ...change }, bastion);
    expect(plan).toMatchObject({ replacedBy, isEmpty: false });
  });

  test("warns that a running machine does not read new user data by itself", async () => {
    const bastion = await cloud.create(SERVER, BASTION);
    await cloud.update(SERVER, bastion, { ...BASTION, user_data: { "cloud-init": "y" } });
    expect(cloud.warnings).toEqual([
      "instance may need to be rebooted to use the new cloud init config",
    ]);
  });

  test("joins a placement group only while it is stopped", async () => {
    const group = await cloud.create(PLACEMENT, {});
    const bastion = await cloud.create(SERVER, BASTION);
    const joined = { ...BASTION, placement_group_id: text(group, "id") };
    expect(await refusal(() => cloud.update(SERVER, bastion, joined))).toBe(
      "instance must be stopped to change placement group",
    );
    const created = await cloud.create(SERVER, joined);
    expect(created.placement_group_policy_respected).toBe(true);
    expect(await refusal(() => cloud.delete(PLACEMENT, group))).toMatch(/still in use/);
  });

  test("refuses a type without room for its local disk at plan", async () => {
    const local = { ...BASTION, root_volume: { volume_type: "l_ssd", size_in_gb: 20 } };
    const bastion = await cloud.create(SERVER, local);
    expect(
      await refusal(() => cloud.plan(SERVER, { ...local, type: "PLAY2-PICO" }, bastion)),
    ).toMatch(/^cannot change server type: local volume total size/);
    const grown = { ...local, root_volume: { volume_type: "l_ssd", size_in_gb: 15 } };
    expect(cloud.plan(SERVER, grown, bastion).replacedBy).toEqual(["root_volume.0.size_in_gb"]);
  });

  test("deletes its disk with it by default", async () => {
    const bastion = await cloud.create(SERVER, BASTION);
    await cloud.delete(SERVER, bastion);
    expect(cloud.store.count().scaleway_block_volume).toBeUndefined();
    const root_volume = { volume_type: "sbs_volume", size_in_gb: 10, delete_on_termination: false };
    const kept = await cloud.create(SERVER, { ...BASTION, root_volume });
    await cloud.delete(SERVER, kept);
    expect(cloud.store.count().scaleway_block_volume).toBe(1);
  });

  test("is not deleted while it is protected", async () => {
    const bastion = await cloud.create(SERVER, { ...BASTION, protected: true });
    expect(await refusal(() => cloud.delete(SERVER, bastion))).toMatch(/protected/);
  });

  test("with an inline private network has addresses that were not reserved", async () => {
    const config = { ...BASTION, private_network: { pn_id: scenario.networkId } };
    const bastion = await cloud.create(SERVER, config);
    expect(bastion.private_network).toMatchObject([{ status: "available" }]);
    expect(bastion.private_ips).toHaveLength(2);
    expect(cloud.plan(SERVER, config, bastion).isEmpty).toBe(true);
    await cloud.update(SERVER, bastion, BASTION);
    expect(cloud.store.count()[NIC]).toBeUndefined();
  });
});

describe("quotas of instances on Scaleway", () => {
  function nodes(count: number, type: string, options = {}) {
    const other = new Cloud(options);
    const create = async () => {
      for (let index = 0; index < count; index++)
        await other.create(SERVER, { ...nodeConfig(other, `node-${index}`), type });
    };
    return refusal(create).catch(() => "no refusal");
  }

  test("three PRO2-XXS are too many for an account that is not verified", async () => {
    expect(await nodes(3, "PRO2-XXS")).toBe(
      "scaleway-sdk-go: quota exceeded(s): instance_server_PRO2-XXS has reached its quota (1/1)",
    );
    expect(await nodes(3, "PRO2-XXS", { quotas: "verified" })).toBe("no refusal");
  });

  test("three DEV1-M are not", async () => {
    expect(await nodes(3, "DEV1-M")).toBe("no refusal");
  });

  test("a type that is sold out is refused", async () => {
    expect(await nodes(1, "DEV1-M", { outOfStock: ["DEV1-M"] })).toMatch(
      /^scaleway-sdk-go: resource DEV1-M.* is out of stock$/,
    );
  });

  test("block storage ends at 500 GB", async () => {
    const large = (name: string) =>
      scenario.node(name, { root_volume: { volume_type: "sbs_volume", size_in_gb: 300 } });
    await large("a");
    expect(await refusal(() => large("b"))).toMatch(
      /block_storage_gb has reached its quota \(300\/500\)/,
    );
  });
});

describe("public address of an instance", () => {
  let ip: Values;

  beforeEach(async () => {
    ip = await cloud.create(IP, {});
  });

  test("shows its server from the next read on, and is the server's public one", async () => {
    const bastion = await cloud.create(SERVER, { ...BASTION, ip_id: text(ip, "id") });
    expect(ip).toMatchObject({ server_id: "", type: "routed_ipv4" });
    expect(await cloud.read(IP, ip)).toMatchObject({ server_id: bastion.id });
    expect(bastion.public_ips).toMatchObject([
      { id: ip.id, address: ip.address, netmask: "32", family: "inet", dynamic: false },
    ]);
    expect(cloud.plan(SERVER, { ...BASTION, ip_id: text(ip, "id") }, bastion).isEmpty).toBe(true);
  });

  test("belongs to one server only, and is free when that is deleted", async () => {
    const bastion = await cloud.create(SERVER, { ...BASTION, ip_id: text(ip, "id") });
    const second = () => cloud.create(SERVER, { ...BASTION, ip_id: text(ip, "id") });
    expect(await refusal(second)).toMatch(/is already attached to a server/);
    await cloud.delete(SERVER, bastion);
    expect(await second()).toMatchObject({ ip_id: ip.id });
  });

  test("is from a documentation range, and unique", async () => {
    const ips = [ip, await cloud.create(IP, {}), await cloud.create("scaleway_lb_ip", {})];
    const addresses = ips.map((one) => one.address ?? one.ip_address);
    expect(new Set(addresses).size).toBe(3);
    for (const address of addresses) expect(address).toMatch(/^192\.0\.2\.|^198\.51\.100\./);
  });

  test("is not assigned again as soon as it is free", async () => {
    await cloud.delete(IP, ip);
    expect((await cloud.create(IP, {})).address).not.toBe(ip.address);
  });
});

describe("private NIC", () => {
  test("has exactly its reserved address, and an id of three parts", async () => {
    const node = await scenario.node("node");
    const address = await scenario.reserve("172.16.4.4");
    const config = {
      server_id: text(node, "id"),
      private_network_id: scenario.networkId,
      ipam_ip_ids: [text(address, "id")],
      zone: "fr-par-1",
    };
    const nic = await cloud.create(NIC, config);
    expect(nic).toMatchObject({
      id: expect.stringMatching(new RegExp(`^${text(node, "id")}/[0-9a-f-]{36}$`)),
      mac_address: expect.stringMatching(/^02:00:00:[0-9a-f:]{8}$/),
      private_ips: [{ address: "172.16.4.4" }],
    });
    expect(cloud.plan(NIC, config, nic).isEmpty).toBe(true);
    expect(await cloud.import(NIC, text(nic, "id"))).toMatchObject({
      mac_address: nic.mac_address,
    });
  });

  test("without a reserved one has an IPv6 first", async () => {
    const nic = await scenario.nic(await scenario.node("node"));
    expect(nic.private_ips).toMatchObject([
      { address: expect.stringMatching(/^fd/) },
      { address: "172.16.4.2" },
    ]);
  });

  test("prevents the release of its address until it is deleted", async () => {
    const address = await scenario.reserve("172.16.4.4");
    const nic = await scenario.nic(await scenario.node("node"), {
      ipam_ip_ids: [text(address, "id")],
    });
    expect(await refusal(() => cloud.delete("scaleway_ipam_ip", address))).toMatch(
      /still attached/,
    );
    expect(
      await refusal(() => cloud.delete("scaleway_vpc_private_network", scenario.network)),
    ).toMatch(/must be empty/);
    await cloud.delete(NIC, nic);
    await cloud.delete("scaleway_ipam_ip", address);
    await cloud.delete("scaleway_vpc_private_network", scenario.network);
  });

  test("is refused an address in use", async () => {
    const ipam_ip_ids = [text(await scenario.reserve("172.16.4.4"), "id")];
    await scenario.nic(await scenario.node("a"), { ipam_ip_ids });
    const second = await scenario.node("b");
    expect(await refusal(() => scenario.nic(second, { ipam_ip_ids }))).toMatch(
      /IP 172\.16\.4\.4 is already attached/,
    );
  });

  test("of another zone than its server's is refused at plan", async () => {
    const node = await scenario.node("node");
    expect(await refusal(() => scenario.nic(node, { zone: "fr-par-2" }))).toBe(
      `given server_id ${text(node, "id")} has different locality than the resource "fr-par-2"`,
    );
  });

  test("of another zone than its server's is not found at apply when only the uuid is known", async () => {
    const node = await scenario.node("node");
    const server_id = text(node, "id").split("/")[1] ?? "";
    expect(await refusal(() => scenario.nic(node, { server_id, zone: "fr-par-2" }))).toMatch(
      /resource server with ID .* is not found/,
    );
  });

  test("takes a private network of its zone's region, and no other", async () => {
    const node = await scenario.node("node");
    const far = "nl-ams/11111111-1111-1111-1111-111111111111";
    expect(await refusal(() => scenario.nic(node, { private_network_id: far }))).toBe(
      `given private_network_id ${far} has different locality than the resource "fr-par-1"`,
    );
    expect(await scenario.nic(node)).toMatchObject({ private_network_id: scenario.networkId });
  });

  test("is refused on a private network that the server is on already", async () => {
    const node = await scenario.node("node");
    await scenario.nic(node);
    expect(await refusal(() => scenario.nic(node))).toMatch(
      /already attached to this Private Network/,
    );
  });

  test("is replaced by anything but its tags", async () => {
    const node = await scenario.node("node");
    const nic = await scenario.nic(node);
    const other = {
      server_id: "fr-par-1/11111111-1111-1111-1111-111111111111",
      private_network_id: scenario.networkId,
    };
    expect(cloud.plan(NIC, other, nic).replacedBy).toEqual(["server_id"]);
    const same = { server_id: text(node, "id"), private_network_id: scenario.networkId };
    expect(cloud.plan(NIC, { ...same, ipam_ip_ids: ["x"] }, nic).replacedBy).toEqual([
      "ipam_ip_ids",
    ]);
    expect(cloud.plan(NIC, { ...same, tags: ["a"] }, nic)).toMatchObject({
      replacedBy: [],
      isEmpty: false,
    });
  });

  test("cannot be deleted with the API defect that provider 2.81.0 met", async () => {
    cloud = new Cloud({ refuseAttachedNicDeletion: true });
    scenario = await Scenario.in(cloud);
    const nic = await scenario.nic(await scenario.node("node"));
    expect(await refusal(() => cloud.delete(NIC, nic))).toMatch(
      /Can't delete a private network interface attached to a server/,
    );
  });
});

describe("security group", () => {
  const rule = (more: Config): Config => ({
    inbound_default_policy: "drop",
    inbound_rule: { action: "accept", port: 22, ip_range: "203.0.113.7/32", ...more },
  });

  test("keeps its rules in order, and plans no change afterwards", async () => {
    const config = {
      inbound_rule: ["203.0.113.7/32", "198.51.100.0/24"].map((ip_range) => ({
        action: "accept",
        port: 22,
        ip_range,
      })),
    };
    const group = await cloud.create(GROUP, config);
    expect(group).toMatchObject({ stateful: true, enable_default_security: true });
    expect(cloud.plan(GROUP, config, group).isEmpty).toBe(true);
    expect(
      cloud.plan(GROUP, { inbound_rule: [...config.inbound_rule].reverse() }, group).isEmpty,
    ).toBe(false);
  });

  test.each([
    [
      "203.0.113.7",
      "expected inbound_rule.0.ip_range to contain a valid Value, got: 203.0.113.7 with err: invalid CIDR address: 203.0.113.7",
    ],
    [
      "203.0.113.7/24",
      "expected inbound_rule.0.ip_range to contain a valid network Value, expected 203.0.113.0/24, got 203.0.113.7/24",
    ],
  ])("refuses %s as a range", (ip_range, summary) => {
    expect(cloud.validate(GROUP, rule({ ip_range }))).toMatchObject([{ summary }]);
  });

  test("takes port 0 for every port", async () => {
    const group = await cloud.create(GROUP, rule({ port: 0 }));
    const kept = cloud.store.get<{ inboundRules: object[] }>(GROUP, text(group, "id"));
    expect(kept?.inboundRules).toMatchObject([{ portFrom: 0, portTo: 0, protocol: "TCP" }]);
  });

  test("is not deleted while a server is in it", async () => {
    const group = await cloud.create(GROUP, rule({}));
    const node = await scenario.node("node", { security_group_id: text(group, "id") });
    expect(await refusal(() => cloud.delete(GROUP, group))).toMatch(/still in use/);
    await cloud.delete(SERVER, node);
    await cloud.delete(GROUP, group);
  });
});
