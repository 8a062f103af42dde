import { beforeAll, expect, test } from "@jest/globals";

import type { Values } from "../../protocol/model";
import { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import { createSecrets, createWorld, render, type RenderOptions } from "./fixtures";

const world = createWorld();
let secrets: Values;

beforeAll(async () => {
  secrets = await createSecrets(world);
});

/** The answer of a node of the given Talos minor to a rendered configuration. */
async function decision(options: RenderOptions, minor = 13): Promise<string> {
  const text = await render(world, secrets, options);
  try {
    MachineConfiguration.load(text, minor);
    return "accepted";
  } catch (error) {
    return String(error);
  }
}

const hostname = (auto: string) =>
  JSON.stringify({ apiVersion: "v1alpha1", kind: "HostnameConfig", auto, hostname: "a-1" });

const rule = (ports: unknown[], ingress: unknown[] = [{ subnet: "172.16.4.0/22" }]) =>
  JSON.stringify({
    apiVersion: "v1alpha1",
    kind: "NetworkRuleConfig",
    name: "apid",
    portSelector: { ports, protocol: "tcp" },
    ingress,
  });

const encryption = JSON.stringify({
  apiVersion: "v1alpha1",
  kind: "VolumeConfig",
  name: "STATE",
  encryption: { provider: "luks2", keys: [{ slot: 0, nodeID: {} }] },
});

test.each([
  ["v1.9", 9, []],
  ["v1.9", 13, []],
  ["v1.12", 12, [hostname("off")]],
  ["v1.13", 13, [hostname("off"), rule([50000]), rule(["2379-2380"]), encryption]],
  ["v1.9", 9, ["machine: {network: {hostname: a-1}}"]],
] as const)(
  "contract %s on Talos 1.%i is accepted with valid patches",
  async (talos, minor, patches) => {
    for (const role of ["controlplane", "worker"] as const) {
      expect(await decision({ talos, role, patches }, minor)).toBe("accepted");
    }
  },
);

test.each<[string, RenderOptions, number, string]>([
  [
    "a newer contract than the image's Talos",
    { talos: "v1.12" },
    11,
    "unknown keys found during decoding:\nmachine:\n    install:\n        grubUseUKICmdline: true",
  ],
  [
    "a label that Kubernetes does not allow",
    { patches: ['machine: {nodeLabels: {"a b": "", a/b: c, /d: ""}}'] },
    13,
    'invalid machine node labels: 2 errors occurred:\n\t* prefix cannot be empty: "/d"\n\t* name "a b" is invalid',
  ],
  [
    "a label's value that Kubernetes does not allow",
    { patches: ["machine: {nodeLabels: {a: '-b'}}"] },
    13,
    'label value "-b" is invalid',
  ],
  [
    "a taint without an effect",
    { patches: ["machine: {nodeTaints: {a: b, c: NoExecute, d: 'e:NoSchedule'}}"] },
    13,
    'invalid machine node taints: 1 error occurred:\n\t* invalid taint effect: "b"',
  ],
  [
    "etcd settings on a worker",
    { role: "worker", patches: ["cluster: {etcd: {advertisedSubnets: [172.16.4.0/22]}}"] },
    13,
    "etcd config is only allowed on control plane machines",
  ],
  [
    "a hostname merged into auto: stable",
    { patches: ["apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: a-1\n"] },
    13,
    "'auto' and 'hostname' cannot be set at the same time",
  ],
  [
    "a hostname both in the network section and in a document",
    { patches: ["machine: {network: {hostname: a-1}}", hostname("off")] },
    13,
    "static hostname is already set in v1alpha1 config",
  ],
  [
    "a hostname document with an older contract",
    { talos: "v1.11", patches: [hostname("off")] },
    13,
    "stable hostname is already set in v1alpha1 config",
  ],
  [
    "overlapping ports",
    { patches: [rule(["2379-2381", 2380])] },
    13,
    "invalid port range: 2380-2380, overlaps with 2379-2381",
  ],
  [
    "disk encryption in both places",
    {
      patches: [
        "machine: {systemDiskEncryption: {state: {provider: luks2, keys: [{slot: 0, nodeID: {}}]}}}",
        encryption,
      ],
    },
    13,
    'system disk encryption for "STATE" is configured in both v1alpha1.Config and VolumeConfig',
  ],
  [
    "a subnet that is none",
    { patches: ["machine: {kubelet: {nodeIP: {validSubnets: [172.16.4.0/40]}}}"] },
    13,
    'kubelet nodeIP subnet is not valid: "172.16.4.0/40"',
  ],
])("%s is refused with Talos's message", async (_, options, minor, message) => {
  expect(await decision(options, minor)).toContain(message);
});

test("a port as a string is refused before anything is rendered", async () => {
  await expect(render(world, secrets, { patches: [rule(["6443"])] })).rejects.toMatchObject({
    detail: expect.stringContaining('invalid port range: "6443"'),
  });
});

test("all problems of a machine configuration are reported at once", async () => {
  const message = await decision({
    role: "worker",
    patches: [
      "cluster: {etcd: {}}\nmachine: {ca: {key: secret}}",
      "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: a-1\n",
    ],
  });
  expect(message).toContain("2 errors occurred");
  expect(message).toContain("etcd config is only allowed on control plane machines");
  expect(message).toContain("issuing Talos API CA key is not allowed on non-controlplane nodes");
  expect(message).toContain("'auto' and 'hostname' cannot be set at the same time");
});
