import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Values } from "../../protocol/model";
import { type OutscaleOptions } from "../../clouds/outscale";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { Scenario, vmConfig } from "./scenario";

const VM = "outscale_vm";

let cloud: Cloud;
let scenario: Scenario;
let subnet: Values;

async function start(options: OutscaleOptions = {}): Promise<void> {
  cloud = new Cloud(options);
  scenario = await Scenario.in(cloud);
  subnet = await scenario.subnet();
}

beforeEach(() => start());

afterAll(removeFolders);

function config(more: Config = {}): Config {
  return { ...vmConfig(cloud, subnet), ...more };
}

function bootedAt(vm: Values): number | undefined {
  return cloud.store.get<{ boot?: { at: number } }>(VM, text(vm, "id"))?.boot?.at;
}

describe("VM", () => {
  test("has the attributes that were recorded of provider 1.8.0 with a single NIC", async () => {
    const vm = await scenario.vm(subnet, { private_ips: ["172.16.4.4"] });
    expect(vm).toMatchObject({
      id: expect.stringMatching(/^i-[0-9a-f]{8}$/),
      state: "running",
      private_ip: "172.16.4.4",
      private_dns_name: "ip-172-16-4-4.eu-west-2.compute.internal",
      public_ip: "",
      performance: "highest",
      placement_subregion_name: "eu-west-2a",
      root_device_name: "/dev/sda1",
      actions_on_next_boot: [{ secure_boot: "none" }],
      block_device_mappings_created: [
        { device_name: "/dev/sda1", bsu: [{ state: "attached", delete_on_vm_deletion: true }] },
      ],
      nics: [{ device_number: 0, description: "Primary network interface", state: "in-use" }],
    });
    expect(vm.primary_nic).toEqual(vm.nics);
    expect(cloud.plan(VM, config({ private_ips: ["172.16.4.4"] }), vm).isEmpty).toBe(true);
  });

  test("without an address gets the lowest free one, from .4 upwards", async () => {
    await scenario.vm(subnet, { private_ips: ["172.16.4.5"] });
    expect((await scenario.vm(subnet)).private_ip).toBe("172.16.4.4");
    expect((await scenario.vm(subnet)).private_ip).toBe("172.16.4.6");
  });

  test.each([
    ["one of the first four", "172.16.4.3", /\[4047\].*reserved by Outscale/],
    ["the last one", "172.16.4.255", /reserved/],
    ["of another subnet", "172.16.5.4", /\[4047\].*not in 172\.16\.4\.0\/24/],
  ])("is refused an address that is %s", async (_what, address, message) => {
    expect(await refusal(() => scenario.vm(subnet, { private_ips: [address] }))).toMatch(message);
  });

  test("is refused an address that another VM has, until that one is deleted", async () => {
    const first = await scenario.vm(subnet, { private_ips: ["172.16.4.4"] });
    const second = () => scenario.vm(subnet, { private_ips: ["172.16.4.4"] });
    expect(await refusal(second)).toMatch(
      /^error launching source vm: \[9029\] ResourceConflict, The private IP 172\.16\.4\.4 is in use/,
    );
    await cloud.delete(VM, first);
    await second();
  });

  test.each<[string, Config, RegExp]>([
    ["an image that does not exist", { image_id: "ami-12345678" }, /\[5023\] InvalidResource/],
    ["an image id of another kind", { image_id: "snap-12345678" }, /\[4104\]/],
    ["an image id that is cut", { image_id: "ami-123456" }, /\[4105\]/],
    ["a type that does not exist", { vm_type: "tinav6.c0r8p1" }, /\[5024\] InvalidResource/],
    ["a type of another cloud", { vm_type: "DEV1-M" }, /\[5024\]/],
    ["a subnet that does not exist", { subnet_id: "subnet-12345678" }, /\[5057\]/],
    ["a group that does not exist", { security_group_ids: ["sg-12345678"] }, /\[5020\]/],
    ["plain user data", { user_data: "machine: {}" }, /\[4047\].*not encoded in Base64/],
    ["a group of a name that does not exist", { security_group_names: ["x"] }, /\[5020\]/],
    ["no subnet", { subnet_id: null }, /^The simulated account has no public Cloud/],
    ["a keypair that does not exist", { keypair_name: "x" }, /\[5071\]/],
  ])("is refused with %s", async (_what, more, message) => {
    expect(await refusal(() => scenario.vm(subnet, more))).toMatch(message);
  });

  test("is refused in a subnet whose addresses are all taken", async () => {
    const small = await scenario.subnet("172.16.5.0/29");
    await Promise.all([4, 5, 6].map(() => scenario.vm(small)));
    expect(await refusal(() => scenario.vm(small))).toMatch(/\[9029\].*has no free address/);
  });

  test("accepts 512000 bytes of encoded user data, and no more", async () => {
    const user_data = Buffer.alloc(384_000).toString("base64");
    expect(user_data).toHaveLength(512_000);
    await scenario.vm(subnet, { user_data });
    const more = Buffer.alloc(384_001).toString("base64");
    expect(await refusal(() => scenario.vm(subnet, { user_data: more }))).toMatch(
      /\[4106\] InvalidParameterValue, The length of UserData is 512004/,
    );
  });

  test.each<[string, Config, RegExp]>([
    ["no size", { volume_type: "gp2" }, /^error: 'volume_size' parameter is required/],
    ["a type that does not exist", { volume_size: 50, volume_type: "gp3" }, /\[4047\].*gp3/],
    [
      "IOPS of another type",
      { volume_size: 50, volume_type: "gp2", iops: 500 },
      /^the "iops" parameter/,
    ],
    ["io1 without IOPS", { volume_size: 50, volume_type: "io1" }, /\[4047\].*needs Iops/],
    ["less than the image", { volume_size: 5 }, /smaller than the image's 10/],
  ])("is refused a root disk with %s", async (_what, bsu, message) => {
    const block_device_mappings = { device_name: "/dev/sda1", bsu };
    expect(await refusal(() => scenario.vm(subnet, { block_device_mappings }))).toMatch(message);
  });

  test("is refused at validation with a disk out of its range", () => {
    const bsu = { volume_size: 14_902, iops: 99 };
    const problems = cloud.validate(VM, config({ block_device_mappings: { bsu } }));
    expect(problems.map(({ summary }) => summary)).toEqual([
      '"block_device_mappings.0.bsu.0.iops" must be between 100 and 13000 inclusive, got: 99',
      '"block_device_mappings.0.bsu.0.volume_size" must be between 1 and 14901 gibibytes inclusive, got: 14902',
    ]);
  });

  test.each<[string, Config, RegExp]>([
    [
      "NICs beside a subnet",
      { nics: { device_number: 0 } },
      /^if you specify nics parameter, you must not specify subnet_id/,
    ],
    [
      "both kinds of NICs",
      { nics: { device_number: 0 }, primary_nic: { device_number: 0 } },
      /^primary_nic and nics cannot be used together/,
    ],
    ["a tenancy of its own", { placement_tenancy: "mine" }, /can be only "default" or "dedicated"/],
    ["nested virtualization", { nested_virtualization: true }, /only if placement_tenancy is/],
    ["an unknown state", { state: "paused" }, /^error: state must be `stopped or running`$/],
  ])("is refused by the provider with %s", async (_what, more, message) => {
    expect(await refusal(() => scenario.vm(subnet, more))).toMatch(message);
  });

  test("is limited by the account's quota", async () => {
    await start({ quotas: { vms: 1 } });
    await scenario.vm(subnet);
    expect(await refusal(() => scenario.vm(subnet))).toMatch(/\[10042\] TooManyResources/);
  });

  test("is pending until it runs", async () => {
    const slow = new Cloud({}, 1000);
    const place = await Scenario.in(slow);
    const seen: boolean[] = [];
    await slow.create(VM, vmConfig(slow, await place.subnet()), () => {
      const [vm] = Object.values(slow.store.all<{ readyAt: number }>(VM));
      seen.push((vm?.readyAt ?? 0) > slow.clock.now().getTime());
      return Promise.resolve();
    });
    expect(seen).toEqual([true]);
  });
});

describe("a VM's change of", () => {
  const changed = async (more: Config, first: Config = {}) => {
    const vm = await scenario.vm(subnet, first);
    const { replacedBy, isEmpty } = cloud.plan(VM, config({ ...first, ...more }), vm);
    return { vm, replacedBy, isEmpty };
  };

  test.each<[string, Config]>([
    ["image_id", { image_id: "ami-12345678" }],
    ["subnet_id", { subnet_id: "subnet-12345678" }],
    ["boot_mode", { boot_mode: "uefi" }],
    ["tpm_enabled", { tpm_enabled: true }],
  ])("%s replaces the VM", async (name, more) => {
    expect((await changed(more)).replacedBy).toEqual([name]);
  });

  test("the root device's name or snapshot replaces the VM, its size and type do not", async () => {
    const device = (more: Config, bsu: Config = {}): Config => ({
      block_device_mappings: {
        device_name: "/dev/sda1",
        bsu: { volume_size: 50, volume_type: "gp2", delete_on_vm_deletion: true, ...bsu },
        ...more,
      },
    });
    expect((await changed(device({ device_name: "/dev/sdb" }))).replacedBy).toEqual([
      "block_device_mappings.0.device_name",
    ]);
    expect((await changed(device({}, { snapshot_id: "snap-12345678" }))).replacedBy).toEqual([
      "block_device_mappings.0.bsu.0.snapshot_id",
    ]);
    const larger = device({}, { volume_size: 60, volume_type: "io1", iops: 300 });
    expect((await changed(larger)).replacedBy).toEqual([]);
  });

  test.each<[string, Config]>([
    ["user_data", { user_data: Buffer.from("other").toString("base64") }],
    ["vm_type", { vm_type: "tinav6.c8r16p1" }],
    ["performance", { vm_type: "tinav6.c4r8", performance: "highest" }],
  ])("%s stops and starts it", async (_name, more) => {
    const vm = await scenario.vm(subnet);
    const stored = cloud.store.get<{ boot: object }>(VM, text(vm, "id"));
    Object.assign(stored?.boot ?? {}, { at: 1 });
    expect((await cloud.update(VM, vm, config(more))).state).toBe("running");
    expect(bootedAt(vm)).toBeGreaterThan(1);
  });

  test.each<[string, Config]>([
    ["tags", { tags: [{ key: "Name", value: "x" }] }],
    ["deletion_protection", { deletion_protection: true }],
    ["is_source_dest_checked", { is_source_dest_checked: false }],
  ])("%s leaves it running", async (name, more) => {
    const vm = await scenario.vm(subnet);
    const before = bootedAt(vm);
    expect(await cloud.update(VM, vm, config(more))).toMatchObject({ [name]: more[name] });
    expect(bootedAt(vm)).toBe(before);
  });

  test("private_ips is accepted and ignored: state and VM disagree, plans are empty", async () => {
    const first = { private_ips: ["172.16.4.4"] };
    const { vm, replacedBy, isEmpty } = await changed({ private_ips: ["172.16.4.9"] }, first);
    expect({ replacedBy, isEmpty }).toEqual({ replacedBy: [], isEmpty: false });
    const moved = config({ private_ips: ["172.16.4.9"] });
    const updated = await cloud.update(VM, vm, moved);
    expect(updated).toMatchObject({ private_ips: ["172.16.4.9"], private_ip: "172.16.4.4" });
    expect(cloud.plan(VM, moved, updated).isEmpty).toBe(true);
  });

  test.each<[string, Config]>([
    ["placement_subregion_name", { placement_subregion_name: "eu-west-2b" }],
    ["placement_tenancy", { placement_tenancy: "dedicated" }],
  ])("%s is accepted, ignored, and planned again", async (name, more) => {
    const { vm, replacedBy } = await changed(more);
    expect(replacedBy).toEqual([]);
    const updated = await cloud.update(VM, vm, config(more));
    expect(updated[name]).toBe(vm[name]);
    expect(cloud.plan(VM, config(more), updated).isEmpty).toBe(false);
  });

  test("timeouts alone is no change, as in SDKv2", async () => {
    expect((await changed({ timeouts: { delete: "9m" } })).isEmpty).toBe(true);
  });

  test("security_group_ids takes effect at once", async () => {
    const group = await scenario.group("x");
    const vm = await scenario.vm(subnet);
    const other = config({ security_group_ids: [text(group, "id")] });
    expect(await cloud.update(VM, vm, other)).toMatchObject({
      security_groups: [{ security_group_name: "x" }],
    });
  });

  test("state stops and starts it", async () => {
    const vm = await scenario.vm(subnet);
    const stopped = await cloud.update(VM, vm, config({ state: "stopped" }));
    expect(stopped.state).toBe("stopped");
    expect((await cloud.update(VM, stopped, config())).state).toBe("running");
    expect(await refusal(() => cloud.update(VM, vm, config({ state: "paused" })))).toBe(
      "error: state should be `stopped or running`",
    );
  });

  test("the mappings by one more crashes the provider", async () => {
    const vm = await scenario.vm(subnet);
    const more = config({
      block_device_mappings: [
        { device_name: "/dev/sda1", bsu: { volume_size: 50, volume_type: "gp2" } },
        { device_name: "/dev/sdb", bsu: { volume_size: 50 } },
      ],
    });
    expect(await refusal(() => cloud.update(VM, vm, more))).toMatch(
      /^Plugin did not respond\n.*index out of range \[1\] with length 1/,
    );
  });
});

describe("missing capacity for a VM", () => {
  test("leaves it stopped, with a warning only", async () => {
    await start({ outOfStock: ["tinav6.c4r8p1"] });
    const vm = await scenario.vm(subnet);
    expect(vm.state).toBe("stopped");
    expect(vm.state_reason).toMatch(/InsufficientInstanceCapacity/);
    expect(cloud.warnings).toEqual(["VM is not in the expected state"]);
    expect(cloud.plan(VM, config(), vm).planned.state).toBe("running");
    expect(await cloud.update(VM, vm, config({ vm_type: "tinav5.c4r8p1" }))).toMatchObject({
      state: "running",
      state_reason: "",
    });
  });

  test("also stops one whose type is changed", async () => {
    await start({ outOfStock: ["tinav6.c8r16p1"] });
    const vm = await scenario.vm(subnet);
    expect(await cloud.update(VM, vm, config({ vm_type: "tinav6.c8r16p1" }))).toMatchObject({
      state: "stopped",
    });
    expect(cloud.warnings).toEqual(["VM is not in the expected state"]);
  });
});

describe("deletion of a VM", () => {
  test("frees its address and its public IP", async () => {
    const vm = await scenario.vm(subnet);
    const ip = await scenario.ip();
    await cloud.create("outscale_public_ip_link", {
      public_ip_id: text(ip, "id"),
      vm_id: text(vm, "id"),
    });
    await cloud.delete(VM, vm);
    expect(await cloud.read(VM, vm)).toBeNull();
    expect(await cloud.read("outscale_public_ip", ip)).toMatchObject({ vm_id: "" });
  });

  test("is refused without a reason when it is protected, and leaves it stopped", async () => {
    const vm = await scenario.vm(subnet, { deletion_protection: true });
    expect(await refusal(() => cloud.delete(VM, vm))).toBe("error deleting the vm");
    expect(await cloud.read(VM, vm)).toMatchObject({ state: "stopped" });
  });

  test("is refused when it no longer exists", async () => {
    const vm = await scenario.vm(subnet);
    await cloud.delete(VM, vm);
    expect(await refusal(() => cloud.delete(VM, vm))).toMatch(
      /^error force stopping vms before destroy \[5063\] InvalidResource/,
    );
  });

  test("waits while it is still pending (9039)", async () => {
    const vm = await scenario.vm(subnet);
    const stored = cloud.store.get<{ readyAt: number }>(VM, text(vm, "id"));
    Object.assign(stored ?? {}, { readyAt: Infinity });
    expect(await refusal(() => cloud.delete(VM, vm))).toMatch(
      /\[9039\] InvalidState, .*is pending/,
    );
  });

  test("leaves a disk behind that is not deleted on termination, which is the default of a mapping", async () => {
    const bsu = { volume_size: 50, volume_type: "gp2" };
    const block_device_mappings = { device_name: "/dev/sda1", bsu };
    await cloud.delete(VM, await scenario.vm(subnet, { block_device_mappings }));
    await cloud.delete(VM, await scenario.vm(subnet));
    expect(Object.values(cloud.store.all("outscale_volume"))).toMatchObject([{ sizeGiB: 50 }]);
  });
});
