import { afterAll, describe, expect, test } from "@jest/globals";
import { Cloud, refusal, removeFolders, text } from "./harness";
import { nodeConfig } from "./scenario";

afterAll(removeFolders);

const IMAGE = "scaleway_instance_image";

describe("the data source of images on Scaleway", () => {
  test("finds the imported one of a zone by its name", () => {
    const found = new Cloud().data(IMAGE, { name: "talos", zone: "fr-par-2" });
    expect(found).toMatchObject({ zone: "fr-par-2", architecture: "x86_64", state: "available" });
    expect(text(found, "id")).toMatch(/^fr-par-2\//);
  });

  test.each([
    ["name", { name: "nope", zone: "fr-par-1" }, "nope and architecture x86_64 in zone fr-par-1"],
    [
      "architecture",
      { name: "talos", architecture: "arm64", zone: "fr-par-1" },
      "talos and architecture arm64 in zone fr-par-1",
    ],
    [
      "project",
      { name: "talos", project_id: "11111111-1111-1111-1111-111111111111" },
      "talos and architecture x86_64 in zone fr-par-1",
    ],
  ])("reports which one it does not find, by %s", async (_by, config, message) => {
    const cloud = new Cloud();
    expect(await refusal(() => cloud.data(IMAGE, config))).toBe(
      `no image found with the name ${message}`,
    );
  });

  test("finds none where it was imported into other zones only", async () => {
    const cloud = new Cloud({ images: [{ name: "talos", zones: ["fr-par-1"] }] });
    expect(cloud.data(IMAGE, { name: "talos", zone: "fr-par-1" }).name).toBe("talos");
    expect(await refusal(() => cloud.data(IMAGE, { name: "talos", zone: "fr-par-2" }))).toMatch(
      /in zone fr-par-2$/,
    );
  });

  test("finds one by its id, whatever the name", async () => {
    const id = "22222222-2222-4222-8222-222222222222";
    const cloud = new Cloud({ images: [{ name: "mine", id }] });
    expect(cloud.data(IMAGE, { image_id: `fr-par-2/${id}` })).toMatchObject({
      name: "mine",
      zone: "fr-par-2",
    });
    const server = { ...nodeConfig(new Cloud(), "node"), image: id };
    expect(await cloud.create("scaleway_instance_server", server)).toMatchObject({
      image: `fr-par-1/${id}`,
    });
  });

  test("finds the newest of a name", () => {
    const cloud = new Cloud();
    const first = cloud.data(IMAGE, { name: "talos" });
    const kept = cloud.store.get<{ id: string }>(IMAGE, text(first, "id"));
    cloud.store.put(IMAGE, "fr-par-1/33333333-3333-4333-8333-333333333333", {
      ...kept,
      id: "fr-par-1/33333333-3333-4333-8333-333333333333",
      updatedAt: "2099-01-01T00:00:00Z",
    });
    expect(cloud.data(IMAGE, { name: "talos" }).id).toBe(
      "fr-par-1/33333333-3333-4333-8333-333333333333",
    );
  });

  test("finds the marketplace's labels, each in each zone", async () => {
    const cloud = new Cloud();
    const id = (label: string, zone: string) =>
      cloud.data("scaleway_marketplace_image", { label, zone }).id;
    expect(id("ubuntu_noble", "fr-par-1")).toMatch(/^fr-par-1\/[0-9a-f-]{36}$/);
    expect(id("ubuntu_noble", "fr-par-1")).not.toBe(id("ubuntu_jammy", "fr-par-1"));
    expect(await refusal(() => id("windows_95", "fr-par-1"))).toMatch(/is not found/);
  });
});

describe("importing an image on Scaleway", () => {
  async function imported(key: string, zone = "fr-par-1") {
    const cloud = new Cloud({ images: [] });
    const bucket = await cloud.create("scaleway_object_bucket", { name: "images" });
    await cloud.create("scaleway_object", { bucket: text(bucket, "id"), key, content: "x" });
    const snapshot = await cloud.create("scaleway_block_snapshot", {
      name: "talos",
      zone,
      import: { bucket: text(bucket, "id"), key },
    });
    const config = { name: "talos", zone, root_volume_id: text(snapshot, "id") };
    const image = await cloud.create(IMAGE, config);
    return { cloud, bucket, snapshot, image, config };
  }

  test("bucket, object, snapshot, image: a server boots from it", async () => {
    const { cloud, image, config } = await imported("nocloud-amd64.qcow2");
    expect(cloud.plan(IMAGE, config, image).isEmpty).toBe(true);
    await cloud.create("scaleway_instance_server", nodeConfig(cloud, "node"));
    expect(cloud.machines()).toMatchObject([{ image: "talos", userData: "machine: {}" }]);
  });

  test("an image for another platform reads no configuration", async () => {
    const { cloud } = await imported("scaleway-amd64.qcow2");
    await cloud.create("scaleway_instance_server", nodeConfig(cloud, "node"));
    expect(cloud.machines()[0]?.problems[0]).toMatch(/is not one for nocloud/);
  });

  test("the snapshot outlives its image, and the bucket its objects", async () => {
    const { cloud, snapshot, image, bucket } = await imported("nocloud-amd64.qcow2");
    expect(await refusal(() => cloud.delete("scaleway_block_snapshot", snapshot))).toMatch(
      /still in use/,
    );
    await cloud.delete(IMAGE, image);
    await cloud.delete("scaleway_block_snapshot", snapshot);
    expect(await refusal(() => cloud.delete("scaleway_object_bucket", bucket))).toMatch(
      /api error BucketNotEmpty/,
    );
    await cloud.delete("scaleway_object_bucket", { ...bucket, force_destroy: true });
    expect(cloud.store.count()).toEqual({});
  });

  test("a snapshot comes from a bucket of its own region", async () => {
    expect(await refusal(() => imported("nocloud-amd64.qcow2", "nl-ams-1"))).toMatch(
      /resource bucket with ID images is not found/,
    );
  });

  test("an image has its snapshot's zone", async () => {
    const { cloud, snapshot, config } = await imported("nocloud-amd64.qcow2");
    expect(await refusal(() => cloud.plan(IMAGE, { ...config, zone: "fr-par-2" }))).toBe(
      `given root_volume_id ${text(snapshot, "id")} has different locality than the resource "fr-par-2"`,
    );
  });

  test("a bucket's name is unique", async () => {
    const { cloud } = await imported("nocloud-amd64.qcow2");
    expect(
      await refusal(() =>
        cloud.create("scaleway_object_bucket", { name: "images", region: "nl-ams" }),
      ),
    ).toMatch(/api error BucketAlreadyExists/);
  });
});

describe("what is gone from the object store on Scaleway", () => {
  test("a bucket is kept by the provider, and imported", async () => {
    const cloud = new Cloud();
    const bucket = await cloud.create("scaleway_object_bucket", { name: "images" });
    cloud.store.remove("scaleway_object_bucket", text(bucket, "id"));
    expect(await cloud.read("scaleway_object_bucket", bucket)).toEqual(bucket);
    const imported = await cloud.import("scaleway_object_bucket", "fr-par/images");
    expect(imported).toMatchObject({ name: "images", region: "fr-par", endpoint: null });
  });

  test("an object is an error of the provider's read", async () => {
    const cloud = new Cloud();
    const bucket = await cloud.create("scaleway_object_bucket", { name: "images" });
    const file = { bucket: text(bucket, "id"), key: "file", content: "x" };
    const object = await cloud.create("scaleway_object", file);
    cloud.store.remove("scaleway_object", text(object, "id"));
    expect(await refusal(() => cloud.read("scaleway_object", object))).toMatch(
      /HeadObject.* StatusCode: 404/,
    );
  });
});

test("the account's images on Scaleway are the same after a restart", () => {
  const cloud = new Cloud();
  const before = cloud.data(IMAGE, { name: "talos" }).id;
  expect(cloud.restarted().data(IMAGE, { name: "talos" }).id).toBe(before);
});
