import { describe, expect, test } from "@jest/globals";
import { applyDirectly } from "../../../simulator/apply";
import { testClouds } from "../../support/clouds";
import { publicKey, synthesized } from "../../support/input";

describe.each(testClouds)(
  "on $name, where another account has a newer image of the same name",
  (cloud) => {
    const stack = () =>
      synthesized({
        cluster_name: "demo",
        admin_ip: "203.0.113.7",
        bastion_ssh_keys: { [cloud.name]: publicKey },
        node_distribution: { [cloud.name]: cloud.single },
      });

    test("a node boots the account's own", async () => {
      const { machines } = await applyDirectly(stack().json, cloud.name, {
        account: cloud.account,
      });
      const node = machines.find(({ name }) => name.includes("control-plane-0"));
      expect(node?.problems).toEqual([]);
    });

    test("without its owner the data source would find the other account's", async () => {
      const open = stack();
      for (const type of [
        "scaleway_instance_image",
        "openstack_images_image_v2",
        "outscale_image",
      ]) {
        for (const [name, block] of Object.entries(open.data[type] ?? {})) {
          if (name === "bastion") continue;
          delete block.project_id;
          delete block.owner;
          const filters = block.filter as { name: string }[] | undefined;
          block.filter = filters?.filter((filter) => filter.name !== "account_ids");
        }
      }
      const { machines } = await applyDirectly(open.json, cloud.name, { account: cloud.account });
      const node = machines.find(({ name }) => name.includes("control-plane-0"));
      expect(node?.problems).toEqual([expect.stringContaining("image")]);
    });
  },
);
