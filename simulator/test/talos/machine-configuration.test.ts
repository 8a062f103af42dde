import { beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";

import type { Values } from "../../protocol/model";
import { createSecrets, createWorld, providerOf, render, type RenderOptions } from "./fixtures";

const world = createWorld();
let secrets: Values;

beforeAll(async () => {
  secrets = await createSecrets(world);
});

/** A document, or anything in it; what a test names may be missing. */
interface Tree {
  machine: Tree;
  cluster: Tree;
  ca: Tree;
  key: Tree;
  crt: Tree;
  etcd: Tree;
  type: Tree;
  kubelet: Tree;
  image: Tree;
  install: Tree;
  features: Tree;
  stableHostname: Tree;
  grubUseUKICmdline: Tree;
  apiServer: Tree;
  certSANs: Tree;
  network: Tree;
  podSubnets: Tree;
  interfaces: Tree;
  name: Tree;
  portSelector: Tree;
  ports: Tree;
}

async function documents(options?: RenderOptions): Promise<[Tree, ...Tree[]]> {
  const text = await render(world, secrets, options);
  return parseAllDocuments(text).map((document) => document.toJS() as Tree) as [Tree, ...Tree[]];
}

describe("a generated machine configuration", () => {
  test("has the CA keys on a control plane, and none on a worker", async () => {
    const [controlPlane] = await documents();
    const [worker] = await documents({ role: "worker" });
    expect(controlPlane.machine.ca.key).not.toBe("");
    expect(controlPlane.cluster.etcd.ca.key).not.toBe("");
    expect(worker.machine.ca).toMatchObject({ crt: controlPlane.machine.ca.crt, key: "" });
    expect(worker.cluster.ca.key).toBe("");
    expect(worker.cluster).not.toHaveProperty("etcd");
    expect(worker.cluster).not.toHaveProperty("serviceAccount");
  });

  test("has the cluster, its endpoint and its networks for both roles", async () => {
    for (const role of ["controlplane", "worker"] as const) {
      const [{ machine, cluster }] = await documents({ role });
      expect(machine.type).toBe(role);
      expect(machine.kubelet.image).toBe("ghcr.io/siderolabs/kubelet:v1.36.3");
      expect(cluster).toMatchObject({
        clusterName: "rehearsal",
        controlPlane: { endpoint: "https://51.15.1.2:6443" },
        network: { podSubnets: ["10.244.0.0/16"], serviceSubnets: ["10.96.0.0/12"] },
      });
    }
  });

  test("sets the host's name in a document from 1.12 on, before that in its features", async () => {
    const [main, hostname, ...others] = await documents({ talos: "v1.12" });
    expect(hostname).toEqual({ apiVersion: "v1alpha1", kind: "HostnameConfig", auto: "stable" });
    expect(others).toEqual([]);
    expect(main.machine.install.grubUseUKICmdline).toBe(true);
    expect(main.machine.features).not.toHaveProperty("stableHostname");

    const [older, ...none] = await documents({ talos: "v1.9" });
    expect(none).toEqual([]);
    expect(older.machine.features.stableHostname).toBe(true);
    expect(older.machine.install).not.toHaveProperty("grubUseUKICmdline");
    expect(older.cluster.apiServer.certSANs).toEqual(["51.15.1.2"]);
  });

  test("has no empty network section from 1.13 on", async () => {
    expect((await documents({ talos: "v1.12" }))[0].machine.network).toEqual({});
    expect((await documents({ talos: "v1.13" }))[0].machine).not.toHaveProperty("network");
  });

  test("has the provider's own installer for every contract", async () => {
    const [main] = await documents({ talos: "v1.9" });
    expect(main.machine.install.image).toBe("ghcr.io/siderolabs/installer:v1.13.0");
  });

  test("is the same string for the same inputs", async () => {
    const patches = ["machine:\n  certSANs: [127.0.0.1]\n"];
    expect(await render(world, secrets, { patches })).toBe(
      await render(world, secrets, { patches }),
    );
  });
});

describe("patches of a machine configuration", () => {
  test("lists append", async () => {
    const patches = ["machine: {certSANs: [a]}", "machine: {certSANs: [b]}"];
    expect((await documents({ patches }))[0].machine.certSANs).toEqual(["a", "b"]);
  });

  test("pod and service subnets replace", async () => {
    const patches = ["cluster: {network: {podSubnets: [10.1.0.0/16]}}"];
    expect((await documents({ patches }))[0].cluster.network).toEqual({
      dnsDomain: "cluster.local",
      podSubnets: ["10.1.0.0/16"],
      serviceSubnets: ["10.96.0.0/12"],
    });
  });

  test("documents merge by kind and name, their ports replace", async () => {
    const rule = (name: string, ports: unknown[]) =>
      JSON.stringify({
        apiVersion: "v1alpha1",
        kind: "NetworkRuleConfig",
        name,
        portSelector: { ports, protocol: "tcp" },
        ingress: [{ subnet: "172.16.4.0/22" }],
      });
    const patches = [rule("apid", [50000]), rule("etcd", ["2379-2380"]), rule("apid", [50001])];
    const [, , ...rules] = await documents({ patches });
    expect(rules.map(({ name, portSelector }) => [name, portSelector.ports])).toEqual([
      ["apid", [50001]],
      ["etcd", ["2379-2380"]],
    ]);
  });

  test("one patch can contain several documents", async () => {
    const patches = [
      "machine: {certSANs: [127.0.0.1]}\n---\napiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: a-1\n",
    ];
    const [main, hostname] = await documents({ patches });
    expect(main.machine.certSANs).toEqual(["127.0.0.1"]);
    expect(hostname).toMatchObject({ auto: "off", hostname: "a-1" });
  });

  test("$patch: delete removes a key or a document", async () => {
    const patches = [
      "cluster:\n  discovery:\n    $patch: delete\n",
      "apiVersion: v1alpha1\nkind: HostnameConfig\n$patch: delete\n",
    ];
    const all = await documents({ patches });
    expect(all).toHaveLength(1);
    expect(all[0].cluster).not.toHaveProperty("discovery");
  });

  test("interfaces merge by name", async () => {
    const patches = [
      "machine: {network: {interfaces: [{interface: eth0, dhcp: true}]}}",
      "machine: {network: {interfaces: [{interface: eth0, mtu: 1400}, {interface: eth1}]}}",
    ];
    expect((await documents({ patches }))[0].machine.network.interfaces).toEqual([
      { interface: "eth0", mtu: 1400, dhcp: true },
      { interface: "eth1" },
    ]);
  });

  test("JSON 6902 is refused for several documents", async () => {
    const patches = ['[{"op":"add","path":"/machine/x","value":1}]'];
    await expect(render(world, secrets, { patches })).rejects.toMatchObject({
      summary: "failed to generate machine configuration",
      detail: "JSON6902 patches are not supported for multi-document machine configuration",
    });
  });
});

describe("the data source of a machine configuration", () => {
  const validate = (config: Values) =>
    providerOf(world).dataSources.talos_machine_configuration!.validate!(config);

  test.each([
    ["51.15.1.2", "no scheme and port specified", 'try: "https://51.15.1.2:6443"'],
    ["51.15.1.2:6443", "no scheme specified", 'try: "https://51.15.1.2:6443"'],
    ["http://51.15.1.2:6443", "should have scheme https://", 'try: "https://51.15.1.2:6443"'],
    ["https://:6443", "hostname must not be blank", ""],
  ])("refuses the endpoint %s", (endpoint, reason, hint) => {
    const [diagnostic] = validate({ cluster_endpoint: endpoint });
    expect(diagnostic?.summary).toBe("cluster_endpoint is invalid");
    expect(diagnostic?.detail).toContain(reason);
    expect(diagnostic?.detail).toContain(hint);
  });

  test("accepts an endpoint without a port, as the real provider", () => {
    expect(validate({ cluster_endpoint: "https://51.15.1.2" })).toEqual([]);
  });

  test.each([
    ["machine:\n  foo: bar\n", "unknown keys found during decoding:\nmachine:\n    foo: bar\n"],
    ["", "open : no such file or directory"],
    ["@missing.yaml", "open missing.yaml: no such file or directory"],
    ["kind: Foo\napiVersion: v1alpha1\n", '"Foo" "v1alpha1": not registered'],
    ["a: [\n", "decode error: yaml"],
    ["just text here", "expected a YAML document at line 1"],
    ["machine:\n  certSANs: foo\n", "cannot construct"],
  ])("refuses the patch %j", (patch, reason) => {
    const [diagnostic] = validate({ config_patches: [patch] });
    expect(diagnostic?.summary).toBe("config_patches are invalid");
    expect(diagnostic?.detail).toContain(reason);
  });

  test("refuses another machine type than the two", () => {
    const [diagnostic] = validate({ machine_type: "bastion" });
    expect(diagnostic?.detail).toBe(
      'Attribute machine_type value must be one of: ["controlplane" "worker"], got: "bastion"',
    );
  });
});
