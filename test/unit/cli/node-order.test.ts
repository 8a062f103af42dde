import { describe, expect, it } from "@jest/globals";
import { inOrder } from "../../../src/cli/cluster/node-order";

describe("the order of nodes", () => {
  it("is talosconfig's: control planes first, ten after nine", () => {
    const names = ["worker-10", "worker-9", "control-plane-1", "worker-0", "control-plane-0"];
    expect(inOrder(names)).toEqual([
      "control-plane-0",
      "control-plane-1",
      "worker-0",
      "worker-9",
      "worker-10",
    ]);
  });

  it("has the other pools after the workers, by name", () => {
    const names = ["gpu-10", "worker-0", "a100-0", "control-plane-0", "gpu-2", "worker-b-0"];
    expect(inOrder(names)).toEqual([
      "control-plane-0",
      "worker-0",
      "a100-0",
      "gpu-2",
      "gpu-10",
      "worker-b-0",
    ]);
  });
});
