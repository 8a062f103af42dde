import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";

jest.setTimeout(240_000);

/** Where each cloud keeps images. */
const kinds = {
  scaleway: "scaleway_instance_image",
  ovh: "openstack_images_image_v2",
  outscale: "outscale_image",
};

/** A cluster whose nodes' image was deleted. */
export function imageGoneOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds)("after the deletion of the nodes' image on $name", (cloud: TestCloud) => {
    let user: User;

    beforeAll(async () => {
      user = await User.in(cloud);
      await user.done("up", "--yes");
      const { list } = await user.simulator.objects();
      const kind = kinds[cloud.name];
      for (const [id, image] of Object.entries(list[kind] ?? {})) {
        if (JSON.stringify(image).includes("talos")) await user.simulator.remove(kind, id);
      }
    });
    afterAll(() => user.end());

    test("plan reports it, and no changes", async () => {
      const { output, code, errors } = await user.openaether("plan");
      expect(errors).toBe("");
      expect(output).toMatch(/Not readable any more: data\.\w+\.nodes\w*\. Going on with/);
      expect(code).toBe(0);
    });

    test("up makes changes that need no image", async () => {
      user.edit({ admin_ip: "203.0.113.9" });
      const output = await user.done("up", "--yes");
      expect(output).not.toMatch(/REPLACED|DESTROYED/);
      expect((await user.openaether("plan")).code).toBe(0);
    });

    test("up refuses to create a node from it, with the provider's message", async () => {
      const before = await user.cloudObjects();
      user.nodes({ ...cloud.single, workers: 1 });
      const { errors, code } = await user.openaether("up", "--yes");
      expect(errors).toMatch(/This plan needs it to create \w+\.worker_0/);
      expect(errors).toMatch(/data\.\w+\.nodes/);
      expect(code).toBe(1);
      expect(await user.cloudObjects()).toEqual(before);
      user.nodes(cloud.single);
    });

    test("down needs no image, and leaves nothing", async () => {
      await user.done("down", "--name", "demo");
      expect(user.stateList()).toEqual([]);
    });
  });
}
