import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ovh } from "../support/clouds";
import { User } from "../support/command-line";
import { ImageFactory } from "../support/image-factory";
import { talosImage, writeTalosImage } from "../support/talos-image";

jest.setTimeout(240_000);

const image = talosImage({ platform: "openstack", bytes: 3_000_000 });
const name =
  "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba/v1.14.1/openstack-amd64.qcow2";

let user: User;
let factory: ImageFactory;

beforeAll(async () => {
  factory = await ImageFactory.start(image);
  user = await User.in({ ...ovh, account: { images: [] } });
  user.variables = { OPENAETHER_IMAGE_FACTORY: factory.url };
});
beforeEach(() => {
  factory.file = image;
  factory.status = 200;
  factory.begun.length = 0;
});
afterAll(async () => {
  factory.end();
  await user.end();
});

const images = async () =>
  Object.values((await user.simulator.objects()).list["openstack_images_image_v2"] ?? {});

/** Nothing was created, and the message has all of these. */
async function isRefused(args: readonly string[], ...messages: readonly (string | RegExp)[]) {
  const { code, errors } = await user.openaether("image", "create", "--yes", ...args);
  for (const message of messages) expect(errors).toMatch(message);
  expect(errors).not.toMatch(/\n {4}at /);
  expect(code).toBe(1);
  expect(await images()).toEqual([]);
}

test("what the factory does not have, and a factory that does not answer, are reported with the way around", async () => {
  factory.status = 404;
  await isRefused([], /has no http:\S+v1\.14\.1\/openstack-amd64\.qcow2/);
  factory.status = 500;
  await isRefused([], /HTTP 500[^]*image create --from <file>/);
  user.variables = { OPENAETHER_IMAGE_FACTORY: "http://127.0.0.1:1" };
  await isRefused([], /does not answer[^]*image create --from <file>/);
  user.variables = { OPENAETHER_IMAGE_FACTORY: factory.url };
});

test("a file that is another image than tofu.tfvars needs is refused, with every difference", async () => {
  const file = join(user.home, "other.qcow2");
  writeTalosImage(file, { platform: "nocloud", version: "v1.13.9" });
  await isRefused(
    ["--from", file],
    /platform is nocloud; nodes on OVHcloud need openstack/,
    /It is Talos v1\.13\.9; talos_version is v1\.14\.1/,
  );
  user.write("compressed", "\xfd7zXZ\0 and more");
  user.write("text", "no image");
  await isRefused(["--from", "missing"], /There is no file \S+missing/);
  await isRefused(["--from", "text"], /is no disk image/);
  factory.file = talosImage({ platform: "metal" });
  await isRefused([], /platform is metal/);
});

test("a download that is cut goes on where it was, and one that was killed is continued by the next run", async () => {
  factory.cuts = [400_000, 300_000];
  factory.stopAfter = 500_000;
  const stopped = new Promise<void>((resolve) => {
    factory.onStop = resolve;
  });
  const running = user.start(["image", "create", "--yes"]);
  await stopped;
  const [first, second, third] = factory.begun;
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(0);
  expect(third).toBeGreaterThan(second!);
  await isRefused([], /Another image command works in this directory \(process \d+\)/);
  const { output: meanwhile } = await user.openaether("image");
  expect(meanwhile).toMatch(/missing\n\nAn image command works in this directory \(process \d+\)/);
  expect(meanwhile).not.toMatch(/image create/);
  running.child.kill("SIGKILL");
  await running.ended;

  const output = await user.done("image", "create", "--yes");
  expect(factory.begun.at(-1)).toBeGreaterThanOrEqual(third!);
  expect(output).toMatch(/File: http:\S+, 3 MiB/);
  const digest = `sha256:${createHash("sha256").update(image).digest("hex")}`;
  expect(JSON.parse(user.read("image-digests.json"))).toEqual({ [name]: digest });
  expect((await images()).length).toBe(1);
  expect(readdirSync(join(user.home, ".openaether", "images")).join(" ")).not.toMatch(/qcow2/);
});

test("a file that is not the one of before is refused, and not uploaded", async () => {
  await user.done("image", "delete", "--yes");
  factory.file = talosImage({ platform: "openstack", bytes: 3_000_001 });
  await isRefused([], /is not what it was: sha256:\w{64}, and image-digests\.json has sha256:/);
  user.write("image-digests.json", "{}}");
  await isRefused([], /is not what image create writes/);
  user.remove("image-digests.json");
  await user.done("image", "create", "--yes");
});

test("a download that is interrupted says how to go on", async () => {
  await user.done("image", "delete", "--yes");
  factory.stopAfter = 500_000;
  const stopped = new Promise<void>((resolve) => {
    factory.onStop = resolve;
  });
  const running = user.start(["image", "create", "--yes"]);
  await stopped;
  running.child.kill("SIGINT");
  const { errors } = await running.ended;
  expect(errors).toMatch(/^\nInterrupted\. To go on:\n\n {2}\.\/openaether image create\n$/);
});
