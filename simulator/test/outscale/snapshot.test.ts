import { afterAll, afterEach, beforeEach, expect, test } from "@jest/globals";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Cloud, removeFolders } from "./harness";

let cloud: Cloud;
let store: Server;
let location: string;

beforeEach(async () => {
  cloud = new Cloud();
  store = createServer((request, response) => {
    response.writeHead(request.url === "/talos" ? 200 : 404).end("talos.platform=aws \0");
  });
  await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
  location = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
});
afterEach(() => {
  store.closeAllConnections();
  store.close();
});
afterAll(removeFolders);

const snapshotOf = (path: string) =>
  cloud.create("outscale_snapshot", {
    description: "mine",
    file_location: `${location}${path}`,
    snapshot_size: 2 ** 31,
  });
const imageOf = (id: unknown, name: string) =>
  cloud.create("outscale_image", {
    image_name: name,
    root_device_name: "/dev/sda1",
    block_device_mappings: [{ device_name: "/dev/sda1", bsu: [{ snapshot_id: String(id) }] }],
  });

test("a snapshot is imported from its address, and an image of it has the account as its owner", async () => {
  const { snapshot_id, state, volume_size } = await snapshotOf("/talos");
  expect({ state, volume_size }).toEqual({ state: "completed", volume_size: 2 });
  const image = await imageOf(snapshot_id, "new");
  expect(image).toMatchObject({ image_name: "new", account_id: "123456789012" });
  const filter = [{ name: "descriptions", values: ["mine"] }];
  expect(cloud.data("outscale_snapshots", { filter }).snapshots).toMatchObject([{ snapshot_id }]);
});

test("an address without a file is an import that fails, and stays as one that has", async () => {
  await expect(snapshotOf("/nothing")).rejects.toMatchObject({
    summary: expect.stringMatching(/Unable to wait for Snapshot/),
  });
  const filter = [{ name: "descriptions", values: ["mine"] }];
  expect(cloud.data("outscale_snapshots", { filter }).snapshots).toMatchObject([
    { state: "error" },
  ]);
});

test("a name is an image's alone in its account", async () => {
  const { snapshot_id } = await snapshotOf("/talos");
  await imageOf(snapshot_id, "new");
  await expect(imageOf(snapshot_id, "new")).rejects.toThrow(/exists already/);
});

test("a snapshot without a source is refused before anything is asked", () => {
  expect(cloud.validate("outscale_snapshot", { description: "x" })).toMatchObject([
    { summary: "Missing Attribute Configuration" },
  ]);
});
