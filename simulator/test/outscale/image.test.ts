import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { Cloud, refusal, removeFolders, type Config } from "./harness";

let cloud: Cloud;

beforeEach(() => {
  cloud = new Cloud();
});

afterAll(removeFolders);

function look(filters: Record<string, string>, more: Config = {}) {
  const filter = Object.entries(filters).map(([name, value]) => ({ name, values: [value] }));
  return cloud.data("outscale_image", { filter, ...more });
}

const message = (filters: Record<string, string>, more?: Config) =>
  refusal(() => look(filters, more));

test("an imported image is found by its exact name", () => {
  expect(look({ image_names: "talos" })).toMatchObject({
    image_id: expect.stringMatching(/^ami-[0-9a-f]{8}$/),
    image_name: "talos",
    account_alias: "",
    state: "available",
    root_device_name: "/dev/sda1",
  });
});

test("the newest official image of a family is found by alias and wildcard", () => {
  const filters = { account_aliases: "Outscale", image_names: "Ubuntu-24.04-*" };
  const image = look(filters, { most_recent: true });
  expect(image.image_name).toBe("Ubuntu-24.04-2026.05.18-0");
});

test("without the alias another account's newer image of such a name is found", () => {
  const image = look({ image_names: "Ubuntu-24.04-*" }, { most_recent: true });
  expect(image).toMatchObject({ image_name: "Ubuntu-24.04-2026.09.01-0", account_alias: "" });
});

test("several matching images are refused without most_recent, and no match always is", async () => {
  expect(await message({ image_names: "Ubuntu-*" })).toBe(
    "your query returned multiple results, use more specific search criteria",
  );
  expect(await message({ image_names: "debian" }, { most_recent: true })).toBe(
    "your query returned no results, change your search criteria and try again",
  );
});

test("the wildcard is the only special character of a name", async () => {
  expect(await message({ image_names: "Ubuntu-24.04-2026.05.18.0" })).toMatch(/no results/);
});

test("a filter with a singular name is unknown", async () => {
  expect(await message({ image_name: "talos" })).toBe(
    "datasource filter 'image_name' is not implemented in the provider or not supported by the api",
  );
});

test("a data source without any filter is refused", async () => {
  expect(await message({})).toBe(
    "one of executable_users, filters, or account_id must be assigned, or image_id must be provided",
  );
});

test("an image is found by its id", () => {
  const { image_id } = look({ image_names: "talos" });
  expect(look({}, { image_id: image_id ?? null }).image_name).toBe("talos");
});

test("images are imported once, also after a restart", () => {
  const before = cloud.store.count();
  expect(cloud.restarted().store.count()).toEqual(before);
});
