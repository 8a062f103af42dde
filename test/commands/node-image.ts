import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";

/** What another image for the nodes changes. */
export function anotherImageOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds)("another image for the nodes, on $name", (cloud: TestCloud) => {
    let user: User;
    const serverIds = () => {
      const shown = JSON.parse(user.tofu("show", "-json")) as {
        values: { root_module: { resources: { type: string; values: { id: string } }[] } };
      };
      return shown.values.root_module.resources
        .filter(({ type }) => type === cloud.types.server)
        .map(({ values }) => values.id);
    };

    beforeAll(async () => {
      const images = [{ name: "talos-v1.14.1" }, { name: "mine-v1.14.1" }];
      user = await User.in({ ...cloud, account: { ...cloud.account, images } });
      const first = await user.openaether("plan");
      expect(first.output).toMatch(/image of new nodes {2}\S+/);
      await user.done("up", "--yes");
    });
    afterAll(() => user.end());

    test("is shown by plan with both ids, and needs consent of its own, not only --yes", async () => {
      const before = serverIds();
      user.nodes({ ...cloud.single, image_name: "mine-v1.14.1" });

      const planned = await user.openaether("plan");
      expect(planned.code).toBe(2);
      const [, to, from] =
        /created from ANOTHER IMAGE: (\S+) {2}\(until now (\S+);/.exec(planned.output) ?? [];
      expect(to).toBeDefined();
      expect(from).not.toBe(to);

      const refused = await user.openaether("up", "--yes");
      expect(refused.errors).toMatch(/--yes does not cover this: .*ANOTHER IMAGE.*--allow image/s);
      expect(refused.code).toBe(1);

      await user.done("up", "--yes", "--allow", "image");
      expect(serverIds()).toEqual(before);
      expect((await user.openaether("plan")).code).toBe(0);
    });
  });
}
