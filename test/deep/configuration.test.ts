import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster } from "./deep-cluster";
import { DeepUser } from "./deep-user";

describe("a running cluster whose configuration is changed in tofu.tfvars", () => {
  let deep: DeepCluster;
  let user: DeepUser;

  beforeAll(async () => {
    deep = await DeepCluster.create(
      scaleway,
      { ...scaleway.single, workers: 1 },
      { haste: 20, heartbeat: 1000 },
    );
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    await deep.cluster.openTunnelTo("172.16.4.4");
  });
  afterAll(() => deep.end());

  const bootIds = async () =>
    Promise.all(
      ["172.16.4.4", "172.16.5.4"].map((node) =>
        deep.talosctl(node, "read", "/proc/sys/kernel/random/boot_id"),
      ),
    );
  const configuration = (node: string) =>
    deep.talosctl(node, "get", "machineconfig", "v1alpha1", "--output=yaml");

  test("gets a setting that needs no reboot, on all nodes, by one up", async () => {
    const before = await bootIds();
    deep.cluster.edit({
      config_patches: { all: ["{machine: {sysctls: {vm.max_map_count: '262144'}}}"] },
    });
    const output = await user.done("up", "--yes");

    expect(output).toContain("worker-0: machine.sysctls.vm.max_map_count, no reboot");
    expect(await configuration("172.16.4.4")).toContain("vm.max_map_count");
    expect(await configuration("172.16.5.4")).toContain("vm.max_map_count");
    expect(await bootIds()).toEqual(before);
  });
});
