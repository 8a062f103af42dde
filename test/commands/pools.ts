import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";

/** A cluster with pools of its own, as its user changes them. */
export function poolsOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds)("pools on $name", (cloud) => {
    let user: User;
    const zones = cloud.available["zones"] as readonly string[];
    const gpu = {
      address_block: 1,
      zones: zones.slice(1, 2),
      instance_type: cloud.plentifulType,
      labels: { "example.org/gpu": "true" },
      taints: { "example.org/dedicated": "gpu:NoSchedule" },
    };
    const batch = { address_block: 3, count: 1 };
    const nodesWith = (pools: object) => ({
      ...cloud.available,
      control_planes: 1,
      workers: 1,
      pools,
    });
    const existing = async () =>
      (JSON.parse(await user.done("status", "--json")) as { nodes: string[] }).nodes;
    const addresses = async () =>
      new Map((await user.simulator.nodes()).map(({ name, address }) => [name, address]));
    const restarted = (output: string) =>
      [...output.matchAll(/(\S+) will be [A-Z]+/g)].map(([, node]) => node).sort();

    beforeAll(async () => {
      user = await User.in(cloud, nodesWith({ gpu: { ...gpu, count: 2 } }));
    });
    afterAll(() => user.end());

    test("plan, up and status name their nodes", async () => {
      const { code, output } = await user.openaether("plan");
      expect(code).toBe(2);
      expect(output).toMatch(/nodes +create control-plane-0, gpu-0, gpu-1, worker-0$/m);
      await user.done("up", "--yes");
      expect(await existing()).toEqual(["control-plane-0", "worker-0", "gpu-0", "gpu-1"]);
      const nodes = await user.simulator.nodes();
      expect(nodes.filter(({ stage }) => stage !== "ready")).toEqual([]);
      expect(await user.done("plan")).toContain("no changes");
    });

    test("another pool, and one node less, leave every other node where it is", async () => {
      const before = await addresses();
      user.nodes(nodesWith({ batch, gpu: { ...gpu, count: 1 } }));
      const output = await user.done("up", "--yes", "--allow", "gpu-1");
      expect(restarted(output)).toEqual(["gpu-1"]);
      expect(await existing()).toEqual(["control-plane-0", "worker-0", "batch-0", "gpu-0"]);
      const after = await addresses();
      for (const name of ["demo-control-plane-0", "demo-worker-0", "demo-gpu-0"]) {
        expect(after.get(name)).toBe(before.get(name));
      }
      expect(await user.done("plan")).toContain("no changes");
    });

    test("a node of a pool is replaced by its name, and keeps its address", async () => {
      const before = await addresses();
      const output = await user.done("up", "--yes", "--replace", "gpu-0", "--allow", "gpu-0");
      expect(restarted(output)).toEqual(["gpu-0"]);
      expect(await addresses()).toEqual(before);
    });

    test("explain knows a pool by its name", async () => {
      const output = await user.done(
        "explain",
        "--from",
        "batch",
        "--to",
        "gpu",
        "--port",
        "4789/udp",
      );
      expect(output).toMatch(/^batch-0 → gpu-0, .*: reached/);
    });

    test("a pool that is removed takes its nodes with it, and no other", async () => {
      user.nodes(nodesWith({ batch }));
      const { output } = await user.openaether("plan");
      expect(restarted(output)).toEqual(["gpu-0"]);
      expect(await user.done("up", "--yes", "--allow", "gpu-0")).toContain(
        "gpu-0 will be DESTROYED",
      );
      expect(await existing()).toEqual(["control-plane-0", "worker-0", "batch-0"]);
      // The same line again, after the pool is gone.
      expect(await user.done("up", "--yes", "--allow", "gpu-0")).toContain("no longer");
    });

    test("down leaves nothing", async () => {
      await user.done("down", "--name", "demo");
      expect(await user.cloudObjects()).toEqual({});
    });
  });
}
