import { createHash } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { IMAGE, INSTANCE, NETWORK, PORT, SERVER_GROUP, Scenario } from "./scenario";

const UNKNOWN_ID = "11111111-1111-4111-8111-111111111111";
const PARIS = { region: "EU-WEST-PAR" };

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

/** The failure of a create, with what tofu's state then holds. */
async function failed(create: Promise<Values>): Promise<{ summary: string; state: Values }> {
  return create.then(
    () => {
      throw new Error("It was not refused.");
    },
    (error: unknown) => error as { summary: string; state: Values },
  );
}

function group(where: Cloud, policy: string, config: Config = {}): Promise<Values> {
  return where.create(SERVER_GROUP, { name: policy, policies: [policy], ...config });
}

describe("instance on OVHcloud", () => {
  test("has its port's address, and plans no change afterwards", async () => {
    const port = await scenario.port("172.16.4.4");
    const config = scenario.nodeConfig(port, { metadata: { role: "worker" } });
    const node = await cloud.create(INSTANCE, config);
    expect(node).toMatchObject({
      access_ip_v4: "172.16.4.4",
      access_ip_v6: "",
      availability_zone: "nova",
      flavor_name: "b3-8",
      image_name: "talos",
      power_state: "active",
      all_metadata: { role: "worker" },
      security_groups: ["default"],
      hypervisor_hostname: "",
      network: [
        {
          uuid: scenario.networkId,
          name: "x",
          port: port.id,
          mac: port.mac_address,
          fixed_ip_v4: "172.16.4.4",
          fixed_ip_v6: "",
          access_network: false,
        },
      ],
    });
    expect(node.created).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC$/);
    expect(cloud.plan(INSTANCE, config, node).isEmpty).toBe(true);
    const read = (await cloud.read(INSTANCE, node)) ?? {};
    expect(cloud.plan(INSTANCE, config, read).isEmpty).toBe(true);
  });

  test("has only the hash of its user data in the state, while the cloud has the whole", async () => {
    const node = await scenario.node("172.16.4.4");
    expect(node.user_data).toBe(createHash("sha1").update("machine: {}").digest("hex"));
    expect(cloud.machines()).toMatchObject([{ userData: "machine: {}" }]);
  });

  test("binds its port, which plans nothing there, and releases it when it is deleted", async () => {
    const config = scenario.portConfig("172.16.4.4");
    const port = await cloud.create(PORT, config);
    const node = await cloud.create(INSTANCE, scenario.nodeConfig(port));
    const bound = (await cloud.read(PORT, port)) ?? {};
    expect(bound).toMatchObject({ device_id: node.id, device_owner: "compute:nova" });
    expect(cloud.plan(PORT, config, bound).isEmpty).toBe(true);
    await cloud.delete(INSTANCE, node);
    expect(await cloud.read(PORT, port)).toMatchObject({ device_id: "", device_owner: "" });
  });

  test("loses its port when that is deleted, and is then disconnected", async () => {
    const port = await scenario.port("172.16.4.4");
    const config = scenario.nodeConfig(port);
    const node = await cloud.create(INSTANCE, config);
    await cloud.delete(PORT, port);
    const found = (await cloud.read(INSTANCE, node)) ?? {};
    expect(found).toMatchObject({ id: node.id, network: [] });
    expect(cloud.plan(INSTANCE, config, found).replacedBy).toContain("network");
  });

  test("whose port is gone cannot be read from a state that has only the port", async () => {
    const port = await scenario.port("172.16.4.4");
    const node = await cloud.create(INSTANCE, scenario.nodeConfig(port));
    await cloud.delete(PORT, port);
    const known = { ...node, network: [{ port: text(port, "id") }] };
    expect(await refusal(() => cloud.read(INSTANCE, known))).toBe(
      `Error trying to get network information from the Network API: Could not find any matching port for port ${text(port, "id")}`,
    );
  });

  test("gets a port of Nova's on a configured network, which is deleted with it", async () => {
    const before = cloud.store.count();
    const network = { name: "x" };
    const config = scenario.nodeConfig(undefined, { network });
    const node = await cloud.create(INSTANCE, config);
    expect(node.access_ip_v4).toMatch(/^172\.16\.7\./);
    expect(node.network).toMatchObject([{ port: "", uuid: scenario.networkId }]);
    expect(cloud.plan(INSTANCE, config, node).isEmpty).toBe(true);
    await cloud.delete(INSTANCE, node);
    expect(cloud.store.count()).toEqual(before);
  });

  test("on Ext-Net has a public address", async () => {
    const network = { name: "Ext-Net" };
    const node = await cloud.create(INSTANCE, scenario.nodeConfig(undefined, { network }));
    expect(cloud.machines()).toMatchObject([
      { publicAddress: node.access_ip_v4, privateAddress: undefined, problems: [] },
    ]);
  });

  test("without a network uses the only one, if there is exactly one", async () => {
    const config = scenario.nodeConfig(undefined);
    expect((await cloud.create(INSTANCE, config)).access_ip_v4).toMatch(/^172\.16\./);
    await cloud.create(NETWORK, { name: "y" });
    expect(await refusal(() => cloud.create(INSTANCE, config))).toMatch(
      /got 409 instead: .*Multiple possible networks found/,
    );
  });

  test.each<[string, Config, RegExp]>([
    [
      "a flavor that is not there",
      { flavor_id: UNKNOWN_ID },
      /^Error creating OpenStack server: Expected HTTP response code \[200 202\] when accessing \[POST https:\/\/compute\..*\/v2\.1\/servers\], but got 400 instead: \{"badRequest": \{"code": 400, "message": "Flavor .* could not be found\."\}\}$/,
    ],
    [
      "a flavor's name that is not there",
      { flavor_id: null, flavor_name: "b9" },
      /^Unable to find flavor with name b9$/,
    ],
    ["no flavor", { flavor_id: null }, /^Neither a flavor_id or flavor_name could be determined$/],
    [
      "an image that is not there",
      { image_id: UNKNOWN_ID },
      /got 400 instead: .*Can not find requested image/,
    ],
    [
      "an image's name that is not there",
      { image_id: null, image_name: "x" },
      /^Unable to find image with name x$/,
    ],
    [
      "no image",
      { image_id: null },
      /^Neither a boot device, image ID, or image name were able to be determined$/,
    ],
    [
      "a zone of another region",
      { availability_zone: "eu-west-par-a" },
      /got 400 instead: .*The requested availability zone is not available/,
    ],
    [
      "a port that is not there",
      { network: { port: UNKNOWN_ID } },
      /Could not find any matching port for port 11111111/,
    ],
    [
      "a network without a name",
      { network: { fixed_ip_v4: "172.16.4.4" } },
      /^At least one of network\.uuid, network\.name, or network\.port must be set$/,
    ],
    [
      "a network that is not there",
      { network: { uuid: UNKNOWN_ID } },
      /Could not find any matching network for id 11111111/,
    ],
    [
      "a server group that is not there",
      { scheduler_hints: { group: UNKNOWN_ID } },
      /got 400 instead: .*Instance group .* could not be found/,
    ],
  ])("refuses %s", async (_what, config, message) => {
    const create = () => cloud.create(INSTANCE, scenario.nodeConfig(undefined, config));
    expect(await refusal(create)).toMatch(message);
    expect(cloud.store.count()[INSTANCE]).toBeUndefined();
  });

  test("refuses a port in use", async () => {
    const port = await scenario.port("172.16.4.4");
    await cloud.create(INSTANCE, scenario.nodeConfig(port));
    expect(await refusal(() => cloud.create(INSTANCE, scenario.nodeConfig(port)))).toMatch(
      /got 409 instead: .*Port .* is still in use\./,
    );
  });

  test("refuses user data of more than 65535 bytes of base64, and repeats it, as Nova does", async () => {
    const create = (length: number) =>
      scenario.node(`172.16.4.${4 + (length % 2)}`, { user_data: "s".repeat(length) });
    const message = await refusal(() => create(49_152));
    expect(message).toMatch(/got 400 instead: .*field\/attribute user_data.* is too long/);
    expect(message.split("c3Nz".repeat(49_152 / 3))).toHaveLength(3);
    await create(49_149);
  });

  test("refuses a flavor whose disk or memory is too small for its image", async () => {
    const images = [
      { name: "talos" },
      { name: "wide", minDiskGB: 60 },
      { name: "deep", minRamMB: 9000 },
    ];
    const there = await Scenario.in(new Cloud({ images }));
    const create = (name: string) => there.node("172.16.4.4", { image_id: null, image_name: name });
    expect(await refusal(() => create("wide"))).toMatch(
      /got 400 instead: .*Flavor's disk is smaller/,
    );
    const again = await Scenario.in(new Cloud({ images }));
    expect(
      await refusal(() => again.node("172.16.4.4", { image_id: null, image_name: "deep" })),
    ).toMatch(/got 400 instead: .*Flavor's memory is too small/);
  });

  test("refuses the choice of a host, which is reserved for the operator", async () => {
    expect(
      await refusal(() => scenario.node("172.16.4.4", { availability_zone: "nova:host-1" })),
    ).toMatch(/got 403 instead: .*forced_host/);
  });

  test("refuses an ambiguous network name, and a network without a subnet", async () => {
    await cloud.create(NETWORK, { name: "x" });
    const create = (name: string) =>
      cloud.create(INSTANCE, scenario.nodeConfig(undefined, { network: { name } }));
    expect(await refusal(() => create("x"))).toMatch(/More than one network found for name x$/);
    await cloud.create(NETWORK, { name: "bare" });
    expect(await refusal(() => create("bare"))).toMatch(
      /got 400 instead: .*requires a subnet in order to boot instances on/,
    );
  });

  test("refuses an image that is still being uploaded", async () => {
    const slow = await Scenario.in(new Cloud({}, 1));
    const image = await slow.cloud.create(IMAGE, {
      name: "new",
      disk_format: "raw",
      container_format: "bare",
      local_file_path: "x",
    });
    const kept = slow.cloud.store.get<{ isUploaded: boolean }>(IMAGE, text(image, "id"));
    if (kept) kept.isUploaded = false;
    const create = () => slow.node("172.16.4.4", { image_id: text(image, "id") });
    expect(await refusal(create)).toMatch(/got 400 instead: .*Image .* is not active\./);
    expect(await refusal(() => slow.cloud.data(IMAGE, { name: "new" }))).toMatch(/no results/);
  });

  test("refuses an ambiguous image name", async () => {
    const there = await Scenario.in(new Cloud());
    await there.cloud.create(IMAGE, {
      name: "talos",
      disk_format: "raw",
      container_format: "bare",
      local_file_path: "x",
    });
    const config = { image_id: null, image_name: "talos" };
    const create = () =>
      there.cloud.create(INSTANCE, {
        ...config,
        name: "node",
        flavor_name: "b3-8",
        network: { uuid: there.networkId },
      });
    expect(await refusal(create)).toBe("Found 2 images matching talos");
  });
});

describe("a changed instance on OVHcloud", () => {
  let node: Values;
  let config: Config;

  beforeEach(async () => {
    await scenario.egressRoute();
    const port = await scenario.port("172.16.4.4");
    config = scenario.nodeConfig(port, { availability_zone: "nova" });
    node = await cloud.create(INSTANCE, config);
  });

  test.each<[string, Config, string]>([
    ["user data", { user_data: "new" }, "user_data"],
    ["zone", { availability_zone: "other" }, "availability_zone"],
    ["port", { network: { port: UNKNOWN_ID } }, "network.0.port"],
    ["key", { key_pair: "k" }, "key_pair"],
    ["server group", { scheduler_hints: { group: UNKNOWN_ID } }, "scheduler_hints"],
    ["way to its configuration", { config_drive: false }, "config_drive"],
  ])("is replaced with another %s", (_what, change, path) => {
    const { replacedBy } = cloud.plan(INSTANCE, { ...config, ...change }, node);
    expect([...new Set(replacedBy)]).toEqual([path]);
  });

  test("is rebuilt in place from another image: its disk is new, its address stays", async () => {
    const image = await cloud.create(IMAGE, {
      name: "talos-2",
      disk_format: "raw",
      container_format: "bare",
      local_file_path: "openstack-amd64.raw",
    });
    const [before] = cloud.machines();
    const changed = { ...config, image_id: text(image, "id") };
    expect(cloud.plan(INSTANCE, changed, node).replacedBy).toEqual([]);
    const rebuilt = await cloud.update(INSTANCE, node, changed);
    expect(rebuilt).toMatchObject({
      id: node.id,
      image_name: "talos-2",
      access_ip_v4: "172.16.4.4",
    });
    const [after] = cloud.machines();
    expect(after).toMatchObject({ image: "talos-2", userData: "machine: {}", problems: [] });
    expect(after?.id).not.toBe(before?.id);
    expect(cloud.plan(INSTANCE, changed, rebuilt).isEmpty).toBe(true);
  });

  test("is resized in place to another flavor, and keeps its disk", async () => {
    const flavor = cloud.data("openstack_compute_flavor_v2", { name: "b3-16" });
    const changed = { ...config, flavor_id: text(flavor, "id") };
    expect(cloud.plan(INSTANCE, changed, node).replacedBy).toEqual([]);
    const [before] = cloud.machines();
    const resized = await cloud.update(INSTANCE, node, changed);
    expect(resized).toMatchObject({ id: node.id, flavor_name: "b3-16" });
    expect(cloud.machines()[0]?.id).toBe(before?.id);
  });

  test("does not run while it is rebuilt or resized", async () => {
    const there = await Scenario.in(new Cloud({}, 1));
    const given = there.nodeConfig(await there.port("172.16.4.4"));
    const created = await there.cloud.create(INSTANCE, given);
    const flavor = there.cloud.data("openstack_compute_flavor_v2", { name: "b3-16" });
    const isRunning = () => there.cloud.machines()[0]?.running;
    const running: (boolean | undefined)[] = [];
    const changed = { ...given, flavor_id: text(flavor, "id") };
    // The nodes look as soon as a machine stops.
    there.cloud.world.observe = () => running.push(isRunning());
    await there.cloud.update(INSTANCE, created, changed, () =>
      Promise.resolve(void running.push(isRunning())),
    );
    expect(running).toEqual([false, false]);
    expect(isRunning()).toBe(true);
  });

  test("is resized within the quota, which does not count it twice", async () => {
    const there = await Scenario.in(new Cloud({ quotas: { instances: 1, cores: 4 } }));
    const port = await there.port("172.16.4.4");
    const given = there.nodeConfig(port);
    const created = await there.cloud.create(INSTANCE, given);
    const become = (name: string) => {
      const flavor = there.cloud.data("openstack_compute_flavor_v2", { name });
      return there.cloud.update(INSTANCE, created, { ...given, flavor_id: text(flavor, "id") });
    };
    expect((await become("b3-16")).flavor_name).toBe("b3-16");
    expect(await refusal(() => become("b3-32"))).toMatch(
      /^Error resizing OpenStack server: .*got 403 instead: .*Quota exceeded for cores: Requested 8, but already used 0 of 4 cores/,
    );
  });

  test("is not resized to a flavor that is sold out", async () => {
    const there = await Scenario.in(new Cloud({ outOfStock: ["b3-16"] }));
    const port = await there.port("172.16.4.4");
    const created = await there.cloud.create(INSTANCE, there.nodeConfig(port));
    const changed = { ...there.nodeConfig(port), flavor_id: null, flavor_name: "b3-16" };
    expect(await refusal(() => there.cloud.update(INSTANCE, created, changed))).toMatch(
      /got 500 instead: .*No valid host was found/,
    );
  });

  test("has the configured groups set on its port, which must exist", async () => {
    const group = await scenario.group("other");
    const named = { ...config, security_groups: ["other"] };
    await cloud.update(INSTANCE, node, named);
    const [kept] = Object.values(
      cloud.store.all<{ deviceId: string; securityGroups: string[] }>(PORT),
    ).filter(({ deviceId }) => deviceId === node.id);
    expect(kept?.securityGroups).toEqual([group.id]);
    const invalid = { ...config, security_groups: ["nobody"] };
    expect(await refusal(() => cloud.update(INSTANCE, node, invalid))).toMatch(
      /^Error updating OpenStack server: .*got 404 instead: .*Security group nobody not found/,
    );
  });

  test("refuses an impossible change with the message of that step", async () => {
    const become = (change: Config) => cloud.update(INSTANCE, node, { ...config, ...change });
    expect(await refusal(() => become({ flavor_id: UNKNOWN_ID }))).toMatch(
      /^Error resizing OpenStack server: .*\[POST .*\/action\], but got 400 instead: .*Flavor .* could not be found/,
    );
    expect(await refusal(() => become({ image_id: UNKNOWN_ID }))).toMatch(
      /^Error rebuilding OpenStack server: .*Can not find requested image/,
    );
  });

  test("is replaced when its flavor is not sold any more", () => {
    const gone = { ...node, flavor_id: "" };
    expect(cloud.plan(INSTANCE, config, gone).replacedBy).toContain("flavor_id");
  });

  test("stops and starts in place", async () => {
    const stopped = await cloud.update(INSTANCE, node, { ...config, power_state: "shutoff" });
    expect([stopped.power_state, cloud.machines()[0]?.running]).toEqual(["shutoff", false]);
    const started = await cloud.update(INSTANCE, stopped, config);
    expect([started.power_state, cloud.machines()[0]?.running]).toEqual(["active", true]);
  });

  test("keeps running when its image is deleted, which its name then says", async () => {
    const id = text(node, "image_id");
    const image = (await cloud.import(IMAGE, id)) ?? {};
    await cloud.delete(IMAGE, image);
    expect(await cloud.read(INSTANCE, node)).toMatchObject({
      image_id: id,
      image_name: "Image not found",
    });
  });
});

describe("capacity on OVHcloud", () => {
  test.each<[string, ConstructorParameters<typeof Cloud>[0]]>([
    ["its flavor is sold out", { outOfStock: ["b3-8"] }],
    ["its zone is full", { zoneCapacity: { nova: 0 } }],
  ])("a server ends in ERROR, with its id known, when %s", async (_when, options) => {
    const there = await Scenario.in(new Cloud(options));
    const { summary, state } = await failed(there.node("172.16.4.4"));
    expect(summary).toBe(
      `Error waiting for instance (${text(state, "id")}) to become ready: unexpected state 'ERROR', wanted target 'ACTIVE'. last error: %!s(<nil>)`,
    );
    expect(there.cloud.machines()).toMatchObject([
      { running: false, problems: ["It could not be built: No valid host was found."] },
    ]);
    expect(await there.cloud.read(INSTANCE, state)).toMatchObject({ power_state: "error" });
    await there.cloud.delete(INSTANCE, state);
    expect(there.cloud.machines()).toEqual([]);
  });

  test("anti-affinity needs a host for every server, soft anti-affinity does not", async () => {
    const there = await Scenario.in(new Cloud({ hostsPerZone: 2 }));
    const hints = async (policy: string) => ({
      scheduler_hints: { group: text(await group(there.cloud, policy), "id") },
    });
    const hard = await hints("anti-affinity");
    await there.node("172.16.4.4", hard);
    await there.node("172.16.4.5", hard);
    expect((await failed(there.node("172.16.4.6", hard))).summary).toMatch(/state 'ERROR'/);
    const soft = await hints("soft-anti-affinity");
    for (const host of [7, 8, 9]) await there.node(`172.16.4.${host}`, soft);
  });

  test("anti-affinity counts only its own zone's hosts", async () => {
    const there = await Scenario.in(new Cloud({ hostsPerZone: 1 }), PARIS, PARIS);
    const hints = {
      scheduler_hints: { group: text(await group(there.cloud, "anti-affinity", PARIS), "id") },
    };
    const flavor = there.cloud.data("openstack_compute_flavor_v2", { name: "b3-8", ...PARIS });
    const image = there.cloud.data(IMAGE, { name: "talos", ...PARIS });
    const node = (host: number, zone: string) =>
      there.node(
        `172.16.4.${host}`,
        {
          ...PARIS,
          ...hints,
          availability_zone: zone,
          flavor_id: text(flavor, "id"),
          image_id: text(image, "id"),
        },
        PARIS,
      );
    expect((await node(4, "eu-west-par-a")).availability_zone).toBe("eu-west-par-a");
    await node(5, "eu-west-par-b");
    expect((await failed(node(6, "eu-west-par-b"))).summary).toMatch(/state 'ERROR'/);
  });

  test("a server over the quota is refused; one of several at once ends in ERROR", async () => {
    const there = await Scenario.in(new Cloud({ quotas: { instances: 2, cores: 40 } }, 1));
    const [one, two, three] = [
      await there.port("172.16.4.4"),
      await there.port("172.16.4.5"),
      await there.port("172.16.4.6"),
    ];
    const waits: (() => void)[] = [];
    const slowly = () => new Promise<void>((resolve) => waits.push(resolve));
    const create = (port: Values) => there.cloud.create(INSTANCE, there.nodeConfig(port), slowly);
    const all = Promise.allSettled([create(one), create(two), create(three)]);
    for (let turn = 0; waits.length < 3 && turn < 1000; turn++) await Promise.resolve();
    expect(waits).toHaveLength(3);
    for (const go of waits) go();
    const results = await all;
    expect(results.map(({ status }) => status).sort()).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
    ]);
    const message = await refusal(() => there.node("172.16.4.7"));
    expect(message).toMatch(
      /got 403 instead: .*Quota exceeded for instances: Requested 1, but already used 3 of 2 instances/,
    );
  });

  test("cores and memory count too", async () => {
    const there = await Scenario.in(new Cloud({ quotas: { cores: 3, ramMB: 15_000 } }));
    await there.node("172.16.4.4");
    expect(await refusal(() => there.node("172.16.4.5"))).toMatch(
      /Quota exceeded for cores, ram: Requested 2, 8000, but already used 2, 8000 of 3, 15000 cores, ram/,
    );
  });
});

describe("server group", () => {
  test("lists its members from the next read on, which plans nothing", async () => {
    const created = await group(cloud, "anti-affinity");
    expect(created).toMatchObject({ members: [], rules: [{ max_server_per_host: 0 }] });
    const hints = { scheduler_hints: { group: text(created, "id") } };
    const port = await scenario.port("172.16.4.4");
    const config = scenario.nodeConfig(port, hints);
    const node = await cloud.create(INSTANCE, config);
    const read = (await cloud.read(SERVER_GROUP, created)) ?? {};
    expect(read.members).toEqual([node.id]);
    const given = { name: "anti-affinity", policies: ["anti-affinity"] };
    expect(cloud.plan(SERVER_GROUP, given, read).isEmpty).toBe(true);
    expect(cloud.plan(INSTANCE, config, (await cloud.read(INSTANCE, node)) ?? {}).isEmpty).toBe(
      true,
    );
    const other = { ...given, policies: ["soft-anti-affinity"] };
    expect(cloud.plan(SERVER_GROUP, other, read).replacedBy).toEqual(["policies"]);
  });

  test("has ten members at most, and there are ten groups", async () => {
    const there = await Scenario.in(
      new Cloud({ quotas: { serverGroupMembers: 1, serverGroups: 1 } }),
    );
    const created = await group(there.cloud, "anti-affinity");
    const hints = { scheduler_hints: { group: text(created, "id") } };
    await there.node("172.16.4.4", hints);
    expect(await refusal(() => there.node("172.16.4.5", hints))).toMatch(
      /got 403 instead: .*Quota exceeded, too many servers in group/,
    );
    expect(await refusal(() => group(there.cloud, "affinity"))).toMatch(
      /^Error creating openstack_compute_servergroup_v2 affinity: .*got 403 instead: .*too many server groups/,
    );
  });

  test("accepts only policies that Nova has", async () => {
    expect(await refusal(() => group(cloud, "apart"))).toMatch(
      /got 400 instead: .*'apart' is not one of/,
    );
  });
});
