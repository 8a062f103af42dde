import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { UNKNOWN, type Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text } from "./harness";
import { Scenario } from "./scenario";

const IP = "outscale_public_ip";
const LINK = "outscale_public_ip_link";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

function link(ip: Values, vm: Values, more: Values = {}) {
  return cloud.create(LINK, { public_ip_id: text(ip, "id"), vm_id: text(vm, "id"), ...more });
}

async function bastion() {
  const { subnet, serviceLink } = await scenario.publicSubnet();
  return { vm: await scenario.vm(subnet), ip: await scenario.ip(), subnet, serviceLink };
}

describe("public IP", () => {
  test("has empty strings until it is used", async () => {
    expect(await scenario.ip()).toMatchObject({
      id: expect.stringMatching(/^eipalloc-[0-9a-f]{8}$/),
      link_public_ip_id: "",
      vm_id: "",
      nic_id: "",
      private_ip: "",
    });
  });

  test.each([
    ["tags", { tags: [{ key: "a", value: "b" }] }],
    ["timeouts", { timeouts: { delete: "10m" } }],
  ])("has an unknown address in the plan that changes its %s", async (_what, config) => {
    const { planned, replacedBy } = cloud.plan(IP, config, await scenario.ip());
    expect(planned.public_ip).toBe(UNKNOWN);
    expect(planned.public_ip_id).not.toBe(UNKNOWN);
    expect(replacedBy).toEqual([]);
  });

  test("keeps its address through that update", async () => {
    const ip = await scenario.ip();
    const tags = [{ key: "a", value: "b" }];
    expect(await cloud.update(IP, ip, { tags })).toMatchObject({ public_ip: ip.public_ip, tags });
  });

  test("has no difference when nothing is changed", async () => {
    expect(cloud.plan(IP, {}, await scenario.ip()).isEmpty).toBe(true);
  });

  test("is limited by the account's quota", async () => {
    const small = new Cloud({ quotas: { publicIps: 2 } });
    const { ip } = await Scenario.in(small).then((place) => ({ ip: () => place.ip() }));
    await ip();
    await ip();
    expect(await refusal(ip)).toMatch(
      /^Unable to create Public IP\n\[10029\] TooManyResources \(QuotaExceded\), The limit of 2 public IPs/,
    );
  });

  test("is unlinked from its machine before it is released", async () => {
    const { vm, ip } = await bastion();
    await link(ip, vm);
    await cloud.delete(IP, ip);
    expect(await cloud.read(IP, ip)).toBeNull();
    expect(await cloud.read("outscale_vm", vm)).toMatchObject({ public_ip: "" });
  });

  test("leaks when its link is removed while it is being deleted", async () => {
    const { vm, ip, serviceLink } = await bastion();
    await link(ip, vm);
    const deletion = cloud.delete(IP, ip);
    await cloud.delete("outscale_internet_service_link", serviceLink);
    await deletion;
    expect(await cloud.read(IP, ip)).not.toBeNull();
  });

  test("that no longer exists is deleted without an error", async () => {
    const ip = await scenario.ip();
    await cloud.delete(IP, ip);
    await cloud.delete(IP, ip);
  });
});

describe("public IP link", () => {
  test("shows both ends, also on the machine after the next refresh", async () => {
    const { vm, ip } = await bastion();
    expect(await link(ip, vm)).toMatchObject({
      id: expect.stringMatching(/^eipassoc-[0-9a-f]{8}$/),
      public_ip: ip.public_ip,
      private_ip: vm.private_ip,
      nic_id: expect.stringMatching(/^eni-/),
    });
    expect(vm.public_ip).toBe("");
    expect(await cloud.read("outscale_vm", vm)).toMatchObject({ public_ip: ip.public_ip });
  });

  test("of an address in use is refused unless it may be relinked", async () => {
    const { vm, ip, subnet } = await bastion();
    await link(ip, vm);
    const other = await scenario.vm(subnet);
    expect(await refusal(() => link(ip, other))).toMatch(
      /^Unable to link Public IP\n\[9029\] ResourceConflict, .*in use by i-/,
    );
    expect((await link(ip, other, { allow_relink: true })).vm_id).toBe(other.id);
  });

  test("never takes a NAT service's address, relinked or not", async () => {
    const { vm, subnet } = await bastion();
    const { ip } = await scenario.nat(subnet);
    expect(await refusal(() => link(ip, vm, { allow_relink: true }))).toMatch(/\[9029\].*nat-/);
  });

  test("by address is replaced when the address becomes unknown, by id it is not", async () => {
    const { vm, ip } = await bastion();
    const created = await link(ip, vm);
    const replacedBy = (config: Values) =>
      cloud.plan(LINK, { vm_id: text(vm, "id"), ...config }, created).replacedBy;
    expect(replacedBy({ public_ip: UNKNOWN })).toEqual(["public_ip"]);
    expect(replacedBy({ public_ip_id: text(ip, "id") })).toEqual([]);
  });

  test("that no longer exists cannot be deleted", async () => {
    const { vm, ip } = await bastion();
    const created = await link(ip, vm);
    await cloud.delete(LINK, created);
    expect(await refusal(() => cloud.delete(LINK, created))).toMatch(
      /^Unable to unlink Public IP\n\[5026\]/,
    );
  });

  test("to a target that does not exist is refused", async () => {
    const ip = await scenario.ip();
    expect(await refusal(() => link(ip, { id: "i-12345678" }))).toMatch(/\[5063\]/);
    const { vm } = await bastion();
    expect(await refusal(() => link({ id: "eipalloc-12345678" }, vm))).toMatch(/\[5025\]/);
    const nic = { vm_id: null, nic_id: "eni-12345678" };
    expect(await refusal(() => link(ip, vm, nic))).toMatch(/\[5036\]/);
    const elsewhere = { private_ip: "172.16.7.99" };
    expect(await refusal(() => link(ip, vm, elsewhere))).toMatch(/\[4047\].*172\.16\.7\.99/);
    const unknown = { vm_id: text(vm, "id"), public_ip: "203.0.113.1" };
    expect(await refusal(() => cloud.create(LINK, unknown))).toMatch(/\[5025\]/);
  });
});
