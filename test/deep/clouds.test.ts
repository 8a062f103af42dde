import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { oneOfOthersThan, ovh, scaleway } from "../support/clouds";
import { answers, DeepCluster, isRunning } from "./deep-cluster";

describe.each(oneOfOthersThan(scaleway, ovh).map((cloud) => ({ name: cloud.name, cloud })))(
  "a cluster with real programs on $name",
  ({ cloud }) => {
    let deep: DeepCluster;
    beforeAll(async () => {
      const nodes = { ...cloud.available, workers: 0 };
      deep = await DeepCluster.create(cloud, nodes, { controllers: false, haste: 5 });
      await deep.cluster.up();
    });
    afterAll(() => deep.end());

    test("keeps what is written through its load balancer", async () => {
      await deep.until("complete", answers(3));
      await deep.kubectl("create", "configmap", "note", "--from-literal=text=kept");
      const text = await deep.kubectl("get", "configmap", "note", "-o=jsonpath={.data.text}");
      expect(text).toBe("kept");
    });

    test("replaces a control plane, which joins in the place of its dead member", async () => {
      const { programs } = await deep.status();
      await deep.cluster.applied(`-replace=${cloud.types.server}.control_plane_1`);
      await deep.until("complete", answers(3));
      const before = programs.filter(({ node }) => node === "demo-control-plane-1");
      expect(before.filter(({ pid }) => isRunning(pid))).toEqual([]);
      await deep.cluster.openTunnelTo("172.16.4.4");
      const members = await deep.talosctl("172.16.4.4", "etcd", "members");
      expect(members.match(/demo-control-plane-\d/g)?.sort()).toEqual([
        "demo-control-plane-0",
        "demo-control-plane-1",
        "demo-control-plane-2",
      ]);
    });

    test("is destroyed with every process", async () => {
      const { programs } = await deep.status();
      await deep.cluster.destroyed();
      await deep.until("without programs", () => programs.every(({ pid }) => !isRunning(pid)));
      expect((await deep.status()).listeners).toEqual([]);
    });
  },
);
