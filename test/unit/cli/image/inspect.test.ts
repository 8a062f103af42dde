import { afterAll, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkImageFile } from "../../../../src/cli/image/file-problems";
import { type InspectedImage, inspectImage } from "../../../../src/cli/image/inspect";
import type { NeededImage } from "../../../../src/cli/image/needed";
import { talosImage, writeTalosImage } from "../../../support/talos-image";

const directory = mkdtempSync(join(tmpdir(), "image-"));
const file = join(directory, "talos.img");
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const needed: NeededImage = {
  name: "talos-v1.14.1",
  version: "v1.14.1",
  schematic: "0".repeat(64),
  region: "fr-par",
  places: ["fr-par-1"],
};

test("a disk image says its format, its size, its platform, its release and its kernel arguments", async () => {
  writeTalosImage(file, { kernelArgs: "console=ttyS0 panic=10" });
  const { digest, kernelArgs, ...read } = await inspectImage(file);
  expect(read).toEqual({
    format: "qcow2",
    sizeGb: 2,
    bytes: 300_000,
    platform: "nocloud",
    version: "v1.14.1",
  });
  expect(kernelArgs).toEqual(expect.arrayContaining(["console=ttyS0", "panic=10"]));
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("the boot menu is found where two blocks of the file meet, and in a raw image", async () => {
  writeTalosImage(file, { bytes: 2_500_000, format: "raw", platform: "aws" });
  expect(await inspectImage(file)).toMatchObject({ format: "raw", sizeGb: 1, platform: "aws" });
});

test("a unified kernel image says its release in its own file", async () => {
  const image = talosImage();
  image.fill(0, 1000);
  image.write('NAME="Talos"\nID=talos\nPRETTY_NAME="Talos (v1.14.1)"\n', 40_000);
  image.write("talos.platform=metal console=tty0\0", 50_000);
  writeFileSync(file, image);
  expect(await inspectImage(file)).toMatchObject({ platform: "metal", version: "v1.14.1" });
});

test.each([
  ["fd377a585a0000", /is compressed\. Decompress it first:\n\n {2}xz -d/],
  ["28b52ffd0000", /zstd -d/],
  ["00000000", /is no disk image/],
  ["", /is no disk image/],
])("a file that begins with %s is refused with a sentence", async (start, message) => {
  writeFileSync(file, Buffer.from(start, "hex"));
  await expect(inspectImage(file)).rejects.toThrow(message);
});

test("every difference from the image that is needed is in one message", () => {
  const other: InspectedImage = {
    format: "raw",
    sizeGb: 2,
    bytes: 1,
    digest: "sha256:",
    platform: "metal",
    version: "v1.13.9",
    kernelArgs: ["talos.platform=metal"],
  };
  const check = (found: InspectedImage) => () => {
    checkImageFile("x.img", found, needed, { cloud: "scaleway", kernelArgs: ["panic=10"] });
  };
  expect(check(other)).toThrow(
    /format is raw; Scaleway imports qcow2[^]*platform is metal; nodes on Scaleway need nocloud[^]*Talos v1\.13\.9; talos_version is v1\.14\.1[^]*lacks kernel arguments of kernel_args: panic=10/,
  );
  expect(check({ ...other, bytes: 5 * 2 ** 30 + 1 })).toThrow(
    /has 5121 MiB; at most 5120 MiB can be uploaded to Scaleway/,
  );
  expect(check({ ...other, platform: undefined, kernelArgs: [] })).toThrow(
    /no disk image of Talos/,
  );
});
