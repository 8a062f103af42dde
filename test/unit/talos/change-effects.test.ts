import { describe, expect, test } from "@jest/globals";
import { effectOf, isRisky } from "../../../src/talos/change-effects";
import { compareConfigurations } from "../../../src/talos/configuration-difference";

function changeOf(running: string, wanted: string) {
  const [change] = compareConfigurations(running, wanted).changes;
  if (change === undefined) throw new Error("nothing differs");
  return change;
}
/** A setting with another value. */
const setting = (template: string) =>
  changeOf(template.replace("VALUE", "a"), template.replace("VALUE", "b"));

describe("the effect of a changed setting", () => {
  test.each([
    ["machine: { sysctls: { a: VALUE } }", "now", "now"],
    ["machine: { kubelet: { extraArgs: { v: VALUE } } }", "now", "now"],
    ["machine: { nodeLabels: { a: VALUE } }", "now", "now"],
    ["machine: { certSANs: [VALUE] }", "now", "now"],
    ["cluster: { apiServer: { certSANs: [VALUE] } }", "now", "now"],
    ["kind: NetworkRuleConfig\nname: a\ningress: [{ subnet: VALUE }]", "now", "now"],
    ["machine: { features: { rbac: VALUE } }", "reboot", "now"],
    ["machine: { udev: { rules: [VALUE] } }", "reboot", "now"],
    ["machine: { baseRuntimeSpecOverrides: { a: VALUE } }", "reboot", "now"],
    ["machine: { registries: { config: { r.io: { auth: { auth: VALUE } } } } }", "reboot", "now"],
    ["machine: { registries: { mirrors: { r.io: { endpoints: [VALUE] } } } }", "now", "now"],
    ["machine: { files: [{ path: /a, content: VALUE }] }", "reboot", "reboot"],
    ["machine: { env: { A: VALUE } }", "reboot", "reboot"],
    ["machine: { kernel: { modules: [{ name: a, parameters: [VALUE] }] } }", "reboot", "reboot"],
    ["cluster: { etcd: { extraArgs: { a: VALUE } } }", "reboot", "reboot"],
    ["kind: VolumeConfig\nname: STATE\nencryption: { provider: VALUE }", "reboot", "reboot"],
    ["machine: { install: { disk: VALUE } }", "upgrade", "upgrade"],
  ])("of %s is %s with Talos 1.13, %s with 1.14", (text, before, since) => {
    expect([13, 14].map((minor) => effectOf(setting(text), minor))).toEqual([before, since]);
  });

  test("of a kernel module that is added is at once", () => {
    const modules = (...names: string[]) =>
      `machine: { type: worker, kernel: { modules: [${names.map((name) => `{ name: ${name} }`).join(", ")}] } }`;
    expect(effectOf(changeOf(modules("a"), modules("a", "b")), 14)).toBe("now");
    expect(effectOf(changeOf(modules(), modules("b")), 14)).toBe("now");
    expect(effectOf(changeOf(modules("a", "b"), modules("a")), 14)).toBe("reboot");
  });
});

test.each([
  ["cluster: { apiServer: { extraArgs: { a: VALUE } } }", false],
  ["machine: { sysctls: { a: VALUE } }", false],
  ["machine: { kubelet: { extraArgs: { v: VALUE } } }", false],
  ["machine: { certSANs: [VALUE] }", true],
  ["machine: { ca: { crt: VALUE } }", true],
  ["machine: { network: { interfaces: [{ interface: eth0, dhcp: VALUE }] } }", true],
  ["machine: { kubelet: { nodeIP: { validSubnets: [VALUE] } } }", true],
  ["kind: NetworkDefaultActionConfig\ningress: VALUE", true],
  ["kind: NetworkRuleConfig\nname: apid\ningress: [{ subnet: VALUE }]", true],
  ["kind: HostnameConfig\nhostname: VALUE", true],
  ["kind: SysctlConfig\nname: a\nvalue: VALUE", false],
])("a node can be cut off by another value in %s: %s", (text, expected) => {
  expect(isRisky(setting(text))).toBe(expected);
});

test("a rule of the firewall that is removed, or added, can cut a node off", () => {
  const rule = "kind: NetworkRuleConfig\nname: apid\ningress: [{ subnet: 10.0.0.0/8 }]";
  const main = "machine: { type: worker }";
  expect(isRisky(changeOf(`${main}\n---\n${rule}`, main))).toBe(true);
  expect(isRisky(changeOf(main, `${main}\n---\n${rule}`))).toBe(true);
});
