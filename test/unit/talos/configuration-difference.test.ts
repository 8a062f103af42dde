import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { UnreadableConfiguration } from "../../../src/talos/configuration-documents";
import { compareConfigurations } from "../../../src/talos/configuration-difference";

/** "path: before > after" */
function changes(running: string, wanted: string): string[] {
  return compareConfigurations(running, wanted).changes.map(
    ({ path, before = "-", after = "-" }) => `${path}: ${before} > ${after}`,
  );
}

const whole = `
version: v1alpha1
machine:
  type: worker
  sysctls:
    vm.max_map_count: "65530"
  certSANs: [127.0.0.1]
  network: {}
---
apiVersion: v1alpha1
kind: HostnameConfig
hostname: prod-worker-0
auto: "off"
---
apiVersion: v1alpha1
kind: NetworkRuleConfig
name: apid
portSelector: { ports: [50000], protocol: tcp }
ingress: [{ subnet: 172.16.4.0/24 }]
`;

describe("what differs between two machine configurations", () => {
  test("is named by its path, with what runs and what is wanted", () => {
    expect(
      changes(
        whole,
        whole
          .replace("65530", "262144")
          .replace("[127.0.0.1]", "[127.0.0.1, api.example.org]")
          .replace("prod-worker-0", "prod-worker-1")
          .replace("172.16.4.0/24", "172.16.4.0/23"),
      ),
    ).toEqual([
      "machine.sysctls.vm.max_map_count: 65530 > 262144",
      "machine.certSANs: [127.0.0.1] > [127.0.0.1, api.example.org]",
      "HostnameConfig: hostname: prod-worker-0 > prod-worker-1",
      "NetworkRuleConfig apid: ingress[0].subnet: 172.16.4.0/24 > 172.16.4.0/23",
    ]);
  });

  test("does not depend on the order of keys and documents, on comments, nulls and empty maps", () => {
    const [main = "", hostname = "", rule = ""] = whole.split("---\n");
    const other = [rule, `# a comment\n${hostname}`, main.replace("network: {}", "env: null")];
    expect(compareConfigurations(whole, other.join("---\n"))).toMatchObject({
      changes: [],
      versions: [],
    });
  });

  test("is a document that is only in one of them, as a whole", () => {
    const more = `${whole}---\napiVersion: v1alpha1\nkind: NetworkRuleConfig\nname: web\ningress: [{ subnet: 10.0.0.0/8 }]\n`;
    expect(changes(whole, more)).toEqual([
      "NetworkRuleConfig web: - > ingress: [{subnet: 10.0.0.0/8}]",
    ]);
    expect(changes(more, whole)).toEqual([
      "NetworkRuleConfig web: ingress: [{subnet: 10.0.0.0/8}] > -",
    ]);
  });

  test("is listed item by item where items have names, and by index elsewhere", () => {
    const interfaces = (mtu: number, more = "") =>
      `machine: { network: { interfaces: [{ interface: eth0, mtu: ${mtu} }${more}] } }`;
    expect(changes(interfaces(1400), interfaces(1500, ", { interface: eth1 }"))).toEqual([
      "machine.network.interfaces[eth0].mtu: 1400 > 1500",
      "machine.network.interfaces[eth1]: - > interface: eth1",
    ]);
    const hosts = (...ips: string[]) =>
      `machine: { network: { extraHostEntries: [${ips.map((ip) => `{ ip: ${ip} }`).join(", ")}] } }`;
    expect(changes(hosts("10.0.0.1", "10.0.0.2"), hosts("10.0.0.3"))).toEqual([
      "machine.network.extraHostEntries[0].ip: 10.0.0.1 > 10.0.0.3",
      "machine.network.extraHostEntries[1]: ip: 10.0.0.2 > -",
    ]);
  });

  test("is the order of a list, which counts", () => {
    expect(
      changes(
        "machine: { network: { nameservers: [1.1.1.1, 9.9.9.9] } }",
        "machine: { network: { nameservers: [9.9.9.9, 1.1.1.1] } }",
      ),
    ).toEqual(["machine.network.nameservers: [1.1.1.1, 9.9.9.9] > [9.9.9.9, 1.1.1.1]"]);
  });

  test("stays visible where the values are long, or differ in their type alone", () => {
    const url = (path: string) =>
      `machine: { logging: { destinations: [{ endpoint: "https://logs.example.org/a/very/long/path/of/one/collector/${path}" }] } }`;
    expect(changes(url("one"), url("two"))).toEqual([
      "machine.logging.destinations[0].endpoint: …e/collector/one > …e/collector/two",
    ]);
    expect(changes('machine: { a: "1" }', "machine: { a: 1 }")).toEqual(['machine.a: "1" > 1']);
    const many = (last: string) =>
      `machine: { certSANs: [a.org, b.org, c.org, d.org, e.org, f.org, ${last}] }`;
    expect(changes(many("g.org"), many("h.org"))).toEqual([
      "machine.certSANs: […, g.org] > […, h.org]",
    ]);
  });

  test("is shown as a number of lines for a string of several lines", () => {
    expect(
      changes(
        "machine: { udev: { rules: [short] } }",
        'machine: { udev: { rules: ["one\\ntwo\\nthree\\n"] } }',
      ),
    ).toEqual(["machine.udev.rules: [short] > [(3 lines)]"]);
  });

  test("is a version where only the tag of an image differs, and a change where anything else does", () => {
    const images = (installer: string, kubelet: string) =>
      `machine: { install: { image: "${installer}" }, kubelet: { image: "${kubelet}" } }`;
    const schematic = (letter: string) =>
      `factory.talos.dev/nocloud-installer/${letter.repeat(64)}`;
    const running = images(`${schematic("a")}:v1.13.9`, "ghcr.io/siderolabs/kubelet:v1.36.3");
    expect(
      compareConfigurations(
        running,
        images(`${schematic("a")}:v1.14.1`, "ghcr.io/siderolabs/kubelet:v1.37.1"),
      ),
    ).toMatchObject({
      changes: [],
      versions: [
        { component: "installer", before: "v1.13.9", after: "v1.14.1" },
        { component: "kubelet", before: "v1.36.3", after: "v1.37.1" },
      ],
    });
    const other = compareConfigurations(
      running,
      images(`${schematic("b")}:v1.13.9`, "registry.example.org:5000/kubelet:v1.36.3"),
    );
    expect(other.versions).toEqual([]);
    expect(other.changes.map(({ path }) => path)).toEqual([
      "machine.install.image",
      "machine.kubelet.image",
    ]);
    expect(other.changes[1]).toMatchObject({
      before: "ghcr.io/siderolabs/kubelet",
      after: "registry.example.org:5000/kubelet",
    });
  });

  test("is not computed for an unreadable configuration, and the error quotes nothing of it", () => {
    for (const text of ["machine: [", "- token", "a: 1\n---\nb: 2", "a: *none"]) {
      expect(() => compareConfigurations(text, whole)).toThrow(UnreadableConfiguration);
      expect(() => compareConfigurations(text, whole)).toThrow(/^It(?:s| is| has)|^One of/);
    }
  });
});

/** Every place of a secret; `SECRET` is the value. */
const secrets: readonly string[] = [
  "machine: { token: SECRET }",
  "machine: { ca: { crt: c, key: SECRET } }",
  "machine: { env: { PROXY: SECRET } }",
  "machine: { files: [{ path: /a, content: SECRET }] }",
  "machine: { registries: { config: { r.io: { auth: { username: SECRET } } } } }",
  "machine: { registries: { config: { r.io: { auth: { password: SECRET } } } } }",
  "machine: { registries: { config: { r.io: { tls: { clientIdentity: { crt: c, key: SECRET } } } } } }",
  "machine: { network: { interfaces: [{ interface: wg0, wireguard: { privateKey: SECRET } }] } }",
  "machine: { network: { interfaces: [{ interface: a, vip: { hcloud: { apiToken: SECRET } } }] } }",
  "machine: { systemDiskEncryption: { state: { keys: [{ slot: 0, static: { passphrase: SECRET } }] } } }",
  "machine: { logging: { destinations: [{ endpoint: 'https://me:SECRET@logs.example.org' }] } }",
  "machine: { pods: [{ spec: { containers: [{ name: a, env: [{ name: X, value: SECRET }] }] } }] }",
  "machine: { kubelet: { extraArgs: { my-token: SECRET } } }",
  "cluster: { secret: SECRET }",
  "cluster: { token: SECRET }",
  "cluster: { ca: { key: SECRET } }",
  "cluster: { aescbcEncryptionSecret: SECRET }",
  "cluster: { secretboxEncryptionSecret: SECRET }",
  "cluster: { serviceAccount: { key: SECRET } }",
  "cluster: { aggregatorCA: { key: SECRET } }",
  "cluster: { etcd: { ca: { key: SECRET } } }",
  "cluster: { apiServer: { env: { A: SECRET } } }",
  "cluster: { inlineManifests: [{ name: a, contents: SECRET }] }",
  "cluster: { extraManifestHeaders: { X: SECRET } }",
  "kind: VolumeConfig\nname: STATE\nencryption: { keys: [{ slot: 0, static: { passphrase: SECRET } }] }",
  "kind: UserVolumeConfig\nname: u\nencryption: { keys: [{ slot: 0, static: { passphrase: SECRET } }] }",
  "kind: RegistryAuthConfig\nname: r.io\nusername: SECRET",
  "kind: RegistryAuthConfig\nname: r.io\npassword: SECRET",
  "kind: RegistryTLSConfig\nname: r.io\nclientIdentity: { cert: c, key: SECRET }",
  "kind: WireguardConfig\nname: wg0\nprivateKey: SECRET",
  "kind: WireguardConfig\nname: wg0\npeers: [{ publicKey: p, presharedKey: SECRET }]",
  "kind: EnvironmentConfig\nvariables: { A: SECRET }",
  "kind: ExtensionServiceConfig\nname: e\nenvironment: [A=SECRET]",
  "kind: ExtensionServiceConfig\nname: e\nconfigFiles: [{ mountPath: /a, content: SECRET }]",
  "kind: HCloudVIPConfig\nname: 10.0.0.1\napiToken: SECRET",
  "kind: SideroLinkConfig\napiUrl: grpc://a?jointoken=SECRET",
  "kind: DiscoveryIdentityConfig\nclusterSecret: SECRET",
  "kind: KubeServiceAccountConfig\nissuer: { issuerURL: 'https://a', privateKey: SECRET }",
  "kind: KubeEtcdEncryptionConfig\nconfig: { resources: [{ keys: SECRET }] }",
  "kind: KubeAPIServerCAConfig\nissuingCA: { cert: c, key: SECRET }",
];

describe("secrets of a machine configuration", () => {
  test.each(secrets)("are in no difference: %s", (text) => {
    const of = (value: string) => text.replace("SECRET", value);
    const seen = [
      compareConfigurations(of("hunter2-old"), of("hunter2-new")),
      compareConfigurations("machine: { type: worker }", of("hunter2-new")),
      compareConfigurations(of("hunter2-old"), "machine: { type: worker }"),
    ];
    expect(seen[0]?.changes).not.toEqual([]);
    expect(JSON.stringify(seen)).not.toContain("hunter2");
  });

  test("are in no difference of random configurations", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);
    const key = fc.constantFrom(
      "password",
      "dbPassword",
      "passphrase",
      "clientSecret",
      "secretKey",
      "apiToken",
      "credentials",
      "privateKey",
      "authorization",
    );
    const place = fc.array(fc.constantFrom("machine", "kubelet", "extraConfig", "spec", "env"), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(secret, secret, key, place, (one, other, name, path) => {
        const of = (value: string) =>
          stringify(
            path.reduceRight<object>((part, step) => ({ [step]: part }), { [name]: value }),
          );
        const shown = JSON.stringify(compareConfigurations(of(one), of(`x${other}`)));
        expect(shown).not.toContain(one);
        expect(shown).not.toContain(other);
      }),
    );
  });

  test("are not the keys of taints, which are public", () => {
    const taint = (key: string) =>
      `machine: { kubelet: { extraConfig: { registerWithTaints: [{ key: ${key}, effect: NoSchedule }] } } }`;
    expect(changes(taint("gpu"), taint("dedicated"))).toEqual([
      "machine.kubelet.extraConfig.registerWithTaints[0].key: gpu > dedicated",
    ]);
  });
});

describe("the comparison of configurations", () => {
  const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.stringMatching(/^[a-z]{0,8}$/),
      fc.integer(),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  const configuration = fc.record({ machine: value, cluster: value }).map((one) => stringify(one));

  test("finds nothing between a configuration and itself, written in any order", () => {
    const reversed = (one: unknown): unknown =>
      Array.isArray(one)
        ? one.map(reversed)
        : typeof one === "object" && one !== null
          ? Object.fromEntries(
              Object.entries(one)
                .reverse()
                .map(([key, part]) => [key, reversed(part)]),
            )
          : one;
    fc.assert(
      fc.property(fc.record({ machine: value, cluster: value }), (one) => {
        const { changes: found } = compareConfigurations(stringify(one), stringify(reversed(one)));
        expect(found).toEqual([]);
      }),
    );
  });

  test("finds the same places in both directions", () => {
    fc.assert(
      fc.property(configuration, configuration, (one, other) => {
        const there = compareConfigurations(one, other).changes;
        const back = compareConfigurations(other, one).changes;
        expect(there.map(({ path }) => path).sort()).toEqual(back.map(({ path }) => path).sort());
      }),
    );
  });
});
