import { describe, expect, test } from "@jest/globals";
import { specOf, values } from "../../support/input";

describe("labels and taints of nodes", () => {
  const gpu = {
    address_block: 1,
    count: 1,
    labels: { a: "pool", b: "pool" },
    taints: { dedicated: "gpu:NoSchedule" },
  };
  const spec = specOf(
    values(
      { workers: 2, pools: { gpu } },
      {
        node_labels: {
          control_planes: { c: "planes" },
          workers: { a: "workers", d: "workers" },
          "worker-1": { a: "node" },
          gpu: { b: "own" },
        },
        node_taints: {
          workers: { dedicated: ":PreferNoSchedule" },
          "worker-1": { x: "NoExecute" },
        },
      },
    ),
  );
  const of = (name: string) => {
    const { labels, taints } = spec.nodes.find((node) => node.name === name)!;
    return { labels, taints };
  };

  test("are those of the role, the pool and the node, of which the narrower one wins", () => {
    expect(of("control-plane-0")).toEqual({ labels: { c: "planes" }, taints: undefined });
    expect(of("worker-0")).toEqual({
      labels: { a: "workers", d: "workers" },
      taints: [{ key: "dedicated", effect: "PreferNoSchedule" }],
    });
    expect(of("worker-1")).toEqual({
      labels: { a: "node", d: "workers" },
      taints: [
        { key: "dedicated", effect: "PreferNoSchedule" },
        { key: "x", effect: "NoExecute" },
      ],
    });
    expect(of("gpu-0")).toEqual({
      labels: { a: "pool", b: "own", d: "workers" },
      taints: [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }],
    });
  });
});
