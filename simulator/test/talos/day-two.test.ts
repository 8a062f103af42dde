import { afterEach, describe, expect, test } from "@jest/globals";

import { type HeldCall, TalosNodes } from "../../talos";
import { Cluster } from "./day-two";

const FIRST = "172.16.4.4";
const SECOND = "172.16.4.5";
const WORKER = "172.16.5.4";
const APPLY = "machine.MachineService/ApplyConfiguration";
const INSTALLER = "factory.talos.dev/openstack-installer/376567988ad370138ad8b2698212367b";

let cluster: Cluster;
afterEach(() => cluster.close());

/** The running configuration with a change that needs a reboot before 1.14. */
async function changed(address: string): Promise<Buffer> {
  const type = "MachineConfigs.config.talos.dev";
  const yaml = await cluster.resource(address, "config", type, "v1alpha1");
  const text = yaml.replace(/^\|\n/, "").replaceAll(/^ {2}/gm, "");
  return Buffer.from(text.replace("machine:\n", "machine:\n    env:\n        A: b\n"));
}

const active = (address: string, id = "v1alpha1") =>
  cluster.resource(address, "config", "MachineConfigs.config.talos.dev", id);

describe("a configuration is applied", () => {
  test("as its minor does: before 1.14 with a reboot where it is needed", async () => {
    cluster = await Cluster.create("1.13.9", 1);
    const data = await changed(WORKER);
    await expect(cluster.call(WORKER, APPLY, { data, mode: "NO_REBOOT" })).rejects.toThrow(
      /InvalidArgument desc = this config change can't be applied in immediate mode\ndiff:\n--- a/,
    );
    expect(await cluster.reboots(WORKER, APPLY, { data, mode: "AUTO" })).toMatchObject({
      mode: "REBOOT",
      mode_details: expect.stringMatching(/^Applied configuration with a reboot: this config/),
    });
    expect(await active(WORKER)).toContain("A: b");
  });

  test("from 1.14 on always at once, and never with a reboot", async () => {
    cluster = await Cluster.create("1.14.1", 1);
    const data = await changed(WORKER);
    await expect(cluster.call(WORKER, APPLY, { data, mode: "REBOOT" })).rejects.toThrow(
      "Unimplemented desc = the REBOOT mode is not supported",
    );
    expect(await cluster.call(WORKER, APPLY, { data, mode: "AUTO" })).toMatchObject({
      mode: "NO_REBOOT",
      mode_details: "Applied configuration without a reboot",
    });
  });

  test("for a trial that ends by itself, unless it is confirmed", async () => {
    cluster = await Cluster.create("1.14.1", 1);
    const data = await changed(WORKER);
    const trial = { data, mode: "TRY", try_mode_timeout: { seconds: 60, nanos: 0 } };
    await cluster.call(WORKER, APPLY, trial);
    await cluster.until(async () => !(await active(WORKER)).includes("A: b"));
    await cluster.call(WORKER, APPLY, { ...trial, try_mode_timeout: { seconds: 36_000 } });
    await cluster.call(WORKER, APPLY, { data, mode: "NO_REBOOT" });
    expect(await active(WORKER, "persistent")).toContain("A: b");
  });

  test.each([
    ["1.14.0", "keeps what was tried for ever"],
    ["1.14.1", "changes nothing about the trial"],
  ])("a dry run during a trial on %s %s", async (talos) => {
    cluster = await Cluster.create(talos, 1);
    const data = await changed(WORKER);
    const trial = { data, mode: "TRY", try_mode_timeout: { seconds: 8000, nanos: 0 } };
    await cluster.call(WORKER, APPLY, trial);
    const { mode_details } = await cluster.call(WORKER, APPLY, {
      data,
      mode: "AUTO",
      dry_run: true,
    });
    expect(mode_details).toBe(
      "Dry run summary:\nApplied configuration without a reboot (skipped in dry-run).\nConfig diff:\n\nNo changes.",
    );
    await cluster.world.clock.wait(12_000_000);
    expect((await active(WORKER)).includes("A: b")).toBe(talos === "1.14.0");
  });

  test("for a trial that does not outlive the simulator", async () => {
    cluster = await Cluster.create("1.14.1", 1);
    await cluster.call(WORKER, APPLY, {
      data: await changed(WORKER),
      mode: "TRY",
      try_mode_timeout: { seconds: 36_000 },
    });
    const stored = () => JSON.stringify(cluster.world.store.all("talos.node"));
    expect(stored()).toContain("A: b");
    await new TalosNodes(cluster.world, cluster.cloud).close();
    expect(stored()).not.toContain("A: b");
  });

  test("not at all, on demand", async () => {
    cluster = await Cluster.create("1.14.1", 1);
    cluster.nodes.faults.set([{ kind: "refuse-configuration", machine: "worker-0" }]);
    const data = await changed(WORKER);
    await expect(cluster.call(WORKER, APPLY, { data, mode: "AUTO" })).rejects.toThrow("Internal");
    await cluster.call(WORKER, APPLY, { data, mode: "AUTO" });
  });
});

describe("a machine", () => {
  test("reboots: its boot id changes, its etcd stays a member", async () => {
    cluster = await Cluster.create("1.14.1");
    await cluster.reboots(SECOND, "machine.MachineService/Reboot");
    expect(await cluster.members()).toEqual(["cp-0", "cp-1", "cp-2"]);
  });

  test("leaves etcd at a graceful reset, and joins again after its reboot", async () => {
    cluster = await Cluster.create("1.14.1");
    const before = await cluster.call(FIRST, "EtcdMemberList");
    await cluster.reboots(SECOND, "machine.MachineService/Reset", {
      graceful: true,
      reboot: true,
      system_partitions_to_wipe: [{ label: "EPHEMERAL", wipe: true }],
    });
    expect(await cluster.members()).toEqual(["cp-0", "cp-1", "cp-2"]);
    expect(await cluster.call(FIRST, "EtcdMemberList")).not.toEqual(before);
  });

  test("stays a dead member when its data is wiped without leaving, until it joins again", async () => {
    cluster = await Cluster.create("1.14.1");
    await cluster.call(SECOND, "machine.MachineService/Reset", {
      graceful: false,
      reboot: false,
      system_partitions_to_wipe: [{ label: "EPHEMERAL", wipe: true }],
    });
    const isOff = () =>
      Promise.resolve(cluster.nodes.status().some(({ stage }) => stage === "off"));
    await cluster.until(isOff);
    expect(await cluster.members()).toEqual(["cp-0", "cp-1", "cp-2"]);
  });

  test("loses what was applied when STATE is wiped: it reads its user data again", async () => {
    cluster = await Cluster.create("1.14.1", 1);
    await cluster.call(WORKER, APPLY, { data: await changed(WORKER), mode: "AUTO" });
    await cluster.reboots(WORKER, "machine.MachineService/Reset", {
      reboot: true,
      system_partitions_to_wipe: [{ label: "STATE", wipe: true }],
    });
    expect(await active(WORKER)).not.toContain("A: b");
  });

  test("never comes back when its whole disk is wiped", async () => {
    cluster = await Cluster.create("1.14.1", 1);
    await cluster.call(WORKER, "machine.MachineService/Reset", { reboot: true });
    await cluster.until(() =>
      Promise.resolve(
        cluster.nodes.status().some(({ problem }) => (problem ?? "").includes("disk was wiped")),
      ),
    );
  });

  test("refuses to leave an etcd whose quorum it would break", async () => {
    cluster = await Cluster.create("1.14.1", 1);
    await expect(cluster.call(FIRST, "machine.MachineService/EtcdLeaveCluster")).rejects.toThrow(
      "re-configuration failed due to not enough started members",
    );
  });
});

describe("an upgrade", () => {
  const containerd = { driver: "CRI", namespace: "NS_SYSTEM" };

  async function install(address: string, tag: string): Promise<unknown[]> {
    const image = `${INSTALLER}:${tag}`;
    await cluster.answers(address, "machine.ImageService/Pull", { containerd, image_ref: image });
    const request = { containerd, source: { image_name: image } };
    return cluster.answers(address, "machine.LifecycleService/Upgrade", request);
  }

  test("installs, and runs after a reboot; a rollback runs the old version again", async () => {
    cluster = await Cluster.create("1.13.9", 1);
    const progress = await install(WORKER, "v1.14.1");
    expect(progress.at(-1)).toEqual({
      progress: { exit_code: 0, response: "exit_code" },
    });
    expect(await cluster.version(WORKER)).toBe("v1.13.9");
    await cluster.reboots(WORKER, "machine.MachineService/Reboot");
    expect(await cluster.version(WORKER)).toBe("v1.14.1");
    await cluster.reboots(WORKER, "machine.MachineService/Rollback");
    expect(await cluster.version(WORKER)).toBe("v1.13.9");
  });

  test("goes back silently, on demand", async () => {
    cluster = await Cluster.create("1.13.9", 1);
    cluster.nodes.faults.set([{ kind: "revert" }]);
    await install(WORKER, "v1.14.1");
    await cluster.reboots(WORKER, "machine.MachineService/Reboot");
    expect(await cluster.version(WORKER)).toBe("v1.13.9");
  });

  test("changes nothing when the installer fails, on demand or by a version too far", async () => {
    cluster = await Cluster.create("1.13.9", 1);
    cluster.nodes.faults.set([{ kind: "installer-fails" }]);
    const failed = { progress: { exit_code: 1, response: "exit_code" } };
    expect((await install(WORKER, "v1.14.1")).at(-1)).toEqual(failed);
    expect((await install(WORKER, "v1.16.0")).at(-1)).toEqual(failed);
    await cluster.reboots(WORKER, "machine.MachineService/Reboot");
    expect(await cluster.version(WORKER)).toBe("v1.13.9");
  });

  test("by the old call is refused with two members of etcd, and not by the new one", async () => {
    cluster = await Cluster.create("1.13.9", 2);
    await expect(
      cluster.call(FIRST, "machine.MachineService/Upgrade", { image: `${INSTALLER}:v1.14.1` }),
    ).rejects.toThrow("etcd member count(2) is insufficient to maintain quorum");
    expect((await install(FIRST, "v1.14.1")).length).toBeGreaterThan(1);
  });

  test("by the new call is unknown to 1.12", async () => {
    cluster = await Cluster.create("1.12.6", 1);
    await expect(install(WORKER, "v1.13.9")).rejects.toThrow(
      "Unimplemented desc = unknown service machine.ImageService",
    );
  });
});

test("a machine hangs in its boot, or does not return from it, on demand", async () => {
  cluster = await Cluster.create("1.14.1", 1);
  cluster.nodes.faults.set([{ kind: "hang", machine: "worker-0" }]);
  await cluster.call(WORKER, "machine.MachineService/Reboot");
  const stageIs = (wanted: string) => () =>
    Promise.resolve(
      cluster.nodes.status().some(({ name, stage }) => name === "worker-0" && stage === wanted),
    );
  await cluster.until(stageIs("up"));
  await cluster.world.clock.wait(600_000);
  const type = "MachineStatuses.runtime.talos.dev";
  expect(await cluster.resource(WORKER, "runtime", type, "machine")).toContain("stage: booting");
});

test("a call waits before it is carried out and before it is answered, on demand", async () => {
  cluster = await Cluster.create("1.14.1", 1);
  const held: HeldCall[] = [];
  cluster.nodes.holds.watch((call) => held.push(call));
  cluster.nodes.holds.set(["ApplyConfiguration"]);
  const before = await active(WORKER);
  const applied = cluster.call(WORKER, APPLY, { data: await changed(WORKER), mode: "NO_REBOOT" });
  const isHeld = (moment: string) => () =>
    Promise.resolve(held.some((call) => call.moment === moment && call.machine === "worker-0"));
  await cluster.until(isHeld("before"));
  expect(await active(WORKER)).toBe(before);
  cluster.nodes.holds.release(held[0]?.id ?? 0);
  await cluster.until(isHeld("after"));
  expect(await active(WORKER)).toContain("A: b");
  cluster.nodes.holds.set([]);
  await applied;
});
