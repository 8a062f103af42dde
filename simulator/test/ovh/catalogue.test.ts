import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { IMAGE, NETWORK, Scenario } from "./scenario";

const FLAVOR = "openstack_compute_flavor_v2";
const LB_FLAVOR = "openstack_lb_flavor_v2";
const NOTHING = "Your query returned no results. Please change your search criteria and try again.";

let cloud: Cloud;

beforeEach(() => {
  cloud = new Cloud();
});

afterAll(removeFolders);

describe("the data source of images on OVHcloud", () => {
  test("finds the user's own and OVHcloud's", () => {
    expect(cloud.data(IMAGE, { name: "talos" })).toMatchObject({
      visibility: "private",
      min_disk_gb: 10,
      min_ram_mb: 2048,
      region: "GRA11",
    });
    expect(cloud.data(IMAGE, { name: "Ubuntu 24.04", visibility: "public" })).toMatchObject({
      name: "Ubuntu 24.04",
      tags: [],
    });
  });

  test("finds other ones in every region", () => {
    const ids = ["GRA11", "EU-WEST-PAR"].map((region) =>
      text(cloud.data(IMAGE, { name: "talos", region }), "id"),
    );
    expect(new Set(ids).size).toBe(2);
  });

  test.each<[string, Config]>([
    ["name", { name: "taloss" }],
    ["visibility", { name: "talos", visibility: "public" }],
    ["size", { name: "talos", size_max: 1000 }],
    ["tag", { name: "talos", tag: "x" }],
    ["property", { name: "talos", properties: { os: "x" } }],
    ["pattern", { name_regex: "^os$" }],
  ])("finds none when their %s differs", async (_what, config) => {
    expect(await refusal(() => cloud.data(IMAGE, config))).toBe(NOTHING);
  });

  test("refuses several of one name, unless the newest is requested", async () => {
    const created = await cloud.create(IMAGE, {
      name: "talos",
      disk_format: "raw",
      container_format: "bare",
      local_file_path: "x",
    });
    const kept = cloud.store.get<{ createdAt: string }>(IMAGE, text(created, "id"));
    if (kept) kept.createdAt = "2099-01-01T00:00:00Z";
    expect(await refusal(() => cloud.data(IMAGE, { name: "talos" }))).toBe(
      "Your query returned more than one result. Please try a more specific search criteria, or set `most_recent` attribute to true.",
    );
    expect(cloud.data(IMAGE, { name: "talos", most_recent: true }).id).toBe(created.id);
  });

  test("finds an uploaded one only in its region", async () => {
    const there = new Cloud({ images: [{ name: "talos", region: "SBG5" }] });
    expect(await refusal(() => there.data(IMAGE, { name: "talos" }))).toBe(NOTHING);
    expect(there.data(IMAGE, { name: "talos", region: "SBG5" }).name).toBe("talos");
  });
});

describe("the data source of flavors on OVHcloud", () => {
  test("returns an id per region, and their size", () => {
    expect(cloud.data(FLAVOR, { name: "b3-8" })).toMatchObject({ vcpus: 2, ram: 8000, disk: 50 });
    const id = text(cloud.data(FLAVOR, { name: "d2-2" }), "flavor_id");
    expect(cloud.data(FLAVOR, { flavor_id: id }).name).toBe("d2-2");
    expect(cloud.data(FLAVOR, { vcpus: 1, min_ram: 1000 }).name).toBe("d2-2");
  });

  test("refuses no match, or more than one", async () => {
    expect(await refusal(() => cloud.data(FLAVOR, { name: "b9-8" }))).toBe(NOTHING);
    expect(await refusal(() => cloud.data(FLAVOR, { flavor_id: "b3-8" }))).toBe("No Flavor found");
    expect(await refusal(() => cloud.data(FLAVOR, { vcpus: 2 }))).toBe(
      "Your query returned more than one result. Please try a more specific search criteria",
    );
  });

  test("finds only the third generation in a region of three zones", async () => {
    const config = { name: "d2-2", region: "EU-WEST-PAR" };
    expect(await refusal(() => cloud.data(FLAVOR, config))).toBe(NOTHING);
    expect(cloud.data(FLAVOR, { ...config, name: "c3-4" }).ram).toBe(4000);
  });

  test("finds small, medium and large load balancers", async () => {
    const ids = ["small", "medium", "large"].map((name) =>
      text(cloud.data(LB_FLAVOR, { name }), "flavor_id"),
    );
    expect(new Set(ids).size).toBe(3);
    expect(cloud.data(LB_FLAVOR, { flavor_id: ids[1] ?? "" }).name).toBe("medium");
    expect(await refusal(() => cloud.data(LB_FLAVOR, { name: "tiny" }))).toBe(NOTHING);
    expect(await refusal(() => cloud.data(LB_FLAVOR, { flavor_id: "x" }))).toBe("No flavor found");
  });
});

describe("the data source of networks on OVHcloud", () => {
  test("finds Ext-Net and the project's own", async () => {
    const external = cloud.data(NETWORK, { name: "Ext-Net", external: true });
    expect(external).toMatchObject({ external: true, shared: "false", admin_state_up: "true" });
    expect(external.subnets).toHaveLength(2);
    const { networkId, subnetId } = await Scenario.in(cloud);
    expect(cloud.data(NETWORK, { name: "x" })).toMatchObject({
      id: networkId,
      subnets: [subnetId],
    });
    expect(cloud.data(NETWORK, { matching_subnet_cidr: "172.16.4.0/22" }).id).toBe(networkId);
  });

  test("refuses no match, or more than one", async () => {
    expect(await refusal(() => cloud.data(NETWORK, { name: "Ext-Net", external: false }))).toBe(
      NOTHING,
    );
    await Scenario.in(cloud);
    expect(await refusal(() => cloud.data(NETWORK, {}))).toBe(
      "Your query returned more than one result. Please try a more specific search criteria",
    );
  });
});

test.each([
  [NETWORK, "networking"],
  [IMAGE, "image"],
  [FLAVOR, "compute"],
  [LB_FLAVOR, "loadbalancing"],
])("%s of a region that does not exist is not found in the catalog", async (type, client) => {
  expect(await refusal(() => cloud.data(type, { name: "x", region: "PAR" }))).toBe(
    `Error creating OpenStack ${client} client: No suitable endpoint could be found in the service catalog.`,
  );
});

test("regions and their zones can be configured", async () => {
  const there = new Cloud({ regions: { PAR: ["eu-west-par-a", "eu-west-par-b"] } });
  expect(there.data(IMAGE, { name: "talos" }).region).toBe("PAR");
  expect(await refusal(() => there.data(IMAGE, { name: "talos", region: "GRA11" }))).toMatch(
    /No suitable endpoint/,
  );
});

describe("an image that is uploaded to OVHcloud", () => {
  const config: Config = {
    name: "talos-v1",
    disk_format: "raw",
    container_format: "bare",
    local_file_path: "openstack-amd64.raw",
    image_cache_path: "cache",
  };

  test("is private, and plans no change afterwards", async () => {
    const image = await cloud.create(IMAGE, config);
    expect(image).toMatchObject({ visibility: "private", status: "active", min_disk_gb: 0 });
    expect(cloud.plan(IMAGE, config, image).isEmpty).toBe(true);
    const read = (await cloud.read(IMAGE, image)) ?? {};
    expect(cloud.plan(IMAGE, config, read).isEmpty).toBe(true);
  });

  test("is replaced by another file, and has its name changed in place", async () => {
    const image = await cloud.create(IMAGE, config);
    const planned = (change: Config) => cloud.plan(IMAGE, { ...config, ...change }, image);
    expect(planned({ local_file_path: "other" }).replacedBy).toEqual(["local_file_path"]);
    expect(planned({ name: "other", min_disk_gb: 10 }).replacedBy).toEqual([]);
    expect(await cloud.update(IMAGE, image, { ...config, min_disk_gb: 10 })).toMatchObject({
      min_disk_gb: 10,
    });
  });

  test("needs a file, cannot belong to another project, and is not deleted while it is protected", async () => {
    const without = { ...config, local_file_path: null };
    expect(await refusal(() => cloud.create(IMAGE, without))).toBe(
      "Error opening file for Image: Error in config. no file specified",
    );
    expect(await refusal(() => cloud.create(IMAGE, { ...config, visibility: "public" }))).toMatch(
      /^Error creating Image: .*got 403 instead/,
    );
    const image = await cloud.create(IMAGE, { ...config, protected: true });
    expect(await refusal(() => cloud.delete(IMAGE, image))).toMatch(
      /^Error deleting Image .*got 403 instead: .*is protected/,
    );
  });
});
