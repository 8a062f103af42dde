import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";
import { S3Server } from "../support/s3-server";
import { writeTalosImage } from "../support/talos-image";

jest.setTimeout(240_000);

const platforms = { scaleway: "nocloud", ovh: "openstack", outscale: "aws" };

/** Where each cloud keeps what an image consists of. */
const kinds = /image|snapshot|bucket|scaleway_object/;

/** Without the server's own directories. */
function bucketsOf({ files }: S3Server): string[] {
  return readdirSync(files).filter((name) => !name.startsWith("."));
}

/** Creates the image that a cluster needs, lists it, and deletes it. */
export function imagesOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds)("the image of a cluster on $name", (cloud: TestCloud) => {
    let user: User;
    let store: S3Server | undefined;
    const file = () => join(user.home, "talos.qcow2");
    const own = async () => {
      const { list } = await user.simulator.objects();
      return Object.entries(list)
        .filter(([kind]) => kinds.test(kind))
        .flatMap(([kind, objects]) => Object.values(objects).map((one) => [kind, one] as const))
        .filter(([, one]) => JSON.stringify(one).includes("talos-v1.14.1"))
        .map(([kind]) => kind);
    };

    beforeAll(async () => {
      user = await User.in({ ...cloud, account: { ...cloud.account, images: [] } });
      if (cloud.name === "outscale") {
        store = await S3Server.start();
        user.variables = store.uploads;
      }
      writeTalosImage(file(), { platform: platforms[cloud.name] });
    });
    afterAll(async () => {
      await user.end();
      await store?.end();
    });

    test("is reported missing, with the command that creates it", async () => {
      const { code, output } = await user.openaether("image");
      expect(output).toMatch(/needs the Talos image talos-v1\.14\.1/);
      expect(output).toMatch(/ {2}missing\n[^]*\.\/openaether image create/);
      expect(code).toBe(2);
      const plan = await user.openaether("plan");
      expect(plan.errors).toMatch(
        /has no Talos image of that name there[^]*openaether image create/,
      );
    });

    test("is created from a file, with what it costs before, and nothing of the upload afterwards", async () => {
      const output = await user.done("image", "create", "--from", file(), "--yes");
      expect(output).toMatch(/Stored and billed afterwards/);
      expect(output).toMatch(/The image talos-v1\.14\.1 is there/);
      const kept = await own();
      expect(kept.join(" ")).not.toMatch(/bucket|object/);
      expect(kept.length).toBeGreaterThan(0);
      if (store !== undefined) expect(bucketsOf(store)).toEqual([]);
    });

    test("is there afterwards: nothing is left to create", async () => {
      expect((await user.openaether("image")).code).toBe(0);
      const again = await user.done("image", "create", "--yes");
      expect(again).toMatch(/is there\./);
    });

    test("is what a cluster is created from", async () => {
      await user.done("up", "--yes");
    });

    test("is kept while the cluster uses it", async () => {
      const output = await user.done("image", "delete", "--yes");
      expect(output).toMatch(/Kept: talos-v1\.14\.1/);
      expect((await user.openaether("image")).code).toBe(0);
    });

    test("is deleted once no cluster uses it, and leaves nothing", async () => {
      await user.done("down", "--name", "demo");
      const output = await user.done("image", "delete", "--yes");
      expect(output).toMatch(/Deleted\./);
      expect(await own()).toEqual([]);
      expect((await user.openaether("image")).code).toBe(2);
    });
  });
}
