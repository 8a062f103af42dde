import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import type { Values } from "../../simulator/protocol/model";
import { createSecrets, createWorld, render } from "../../simulator/test/talos/fixtures";
import { outscale, ovh, type TestCloud } from "../support/clouds";
import { policiesSinceMinor } from "../../src/config/checks/cni";
import { available, single } from "../support/input";
import { ciliumManifest, exampleManifests, namespaceManifest } from "../support/manifests";
import { type Answer, describeWithGo, Machinery, type Request } from "../support/machinery";
import { TalosKeys } from "../../src/config/patches/keys";
import { libraryKeys } from "./keys-source";
import { rendered, versionsOf } from "./rendered";
import { traps } from "./traps";

const examplesDirectory = join(__dirname, "..", "..", "examples", "patches");

/** With every kind of label and taint. */
const gpu = {
  address_block: 1,
  count: 1,
  labels: {
    "example.org/gpu": "true",
    "topology.kubernetes.io/zone": "fr-par-1",
    "node.kubernetes.io/pool": "",
    plain: "A_b.c-1",
  },
  taints: {
    "example.org/dedicated": "gpu:NoSchedule",
    rare: "NoExecute",
    prefer: ":PreferNoSchedule",
  },
};

const ingress_rules = [
  { name: "node-ports", ports: "30000-32767", nodes: "workers" },
  { name: "all", ports: [80, "443", "8000-8999", 9000], from: ["nodes", "bastion", "172.16.7.9"] },
  { name: "voice", ports: "5060-5061", protocol: "udp", nodes: "control-plane-0" },
];
/** The examples of the docs, as they are; their README says for which nodes each is. */
const ofControlPlanes = ["audit-policy.yaml", "oidc.yaml"];
const examples = readdirSync(examplesDirectory).filter((name) => name.endsWith(".yaml"));
const example = (name: string) => readFileSync(join(examplesDirectory, name), "utf8");
const configPatches = {
  all: examples.filter((name) => !ofControlPlanes.includes(name)).map(example),
  control_planes: ofControlPlanes.map(example),
  workers: ['machine:\n  env:\n    no_proxy: "10.0.0.0/8"\n'],
  nodes: { "worker-0": ['{"machine": {"sysctls": {"vm.max_map_count": "1"}}}'] },
};

/** All that a patch may remove. */
const removals = {
  all: [
    "machine: {sysctls: {a: b}, features: {hostDNS: {$patch: delete}, kubePrism: {$patch: delete}}}",
    "machine: {sysctls: {a: {$patch: delete}}, kubelet: {disableManifestsDirectory: {$patch: delete}}}",
    "machine: {kubelet: {defaultRuntimeSeccompProfileEnabled: {$patch: delete}}}",
    "cluster: {discovery: {registries: {service: {$patch: delete}}}}",
    "cluster: {discovery: {$patch: delete}}",
  ].map((text) => `${text}\n`),
  control_planes: [
    "cluster: {apiServer: {admissionControl: [{name: PodSecurity, $patch: delete}]}}\n",
    "cluster: {apiServer: {auditPolicy: {$patch: delete}}}\n",
  ],
};

const clusters: readonly [string, object, object?, TestCloud?][] = [
  ["one control plane", single],
  ["three control planes and two workers", available],
  ["three control planes alone", { ...available, workers: 0 }],
  ["a name for the API", available, { cluster_endpoint: "api.example.org" }],
  ["another network", available, { network_cidr: "10.0.0.0/16" }],
  ["OVHcloud", ovh.available, {}, ovh],
  ["OVHcloud, one node", ovh.single, {}, ovh],
  ["Outscale", outscale.available, {}, outscale],
  ["Outscale, one node", outscale.single, {}, outscale],
  ["a pool", { ...single, pools: { gpu } }],
  [
    "labels and taints of nodes",
    available,
    {
      node_labels: {
        control_planes: { "node-role.kubernetes.io/infra": "" },
        "worker-1": { "example.org/disk": "ssd" },
      },
      node_taints: { workers: { "example.org/dedicated": "builds:PreferNoSchedule" } },
    },
  ],
  ["disks without encryption", available, { disk_encryption: "none" }],
  ["disks with a passphrase", available, { disk_encryption: "static" }],
  [
    "disks with a key server",
    available,
    { disk_encryption: "kms", disk_encryption_kms: "https://kms.example.org:4050" },
  ],
  ["ports of ingress_rules", { ...single, workers: 1 }, { ingress_rules }],
  ["patches", { ...single, workers: 1 }, { config_patches: configPatches }],
  ["removals by patches", { ...single, workers: 1 }, { config_patches: removals }],
  [
    "other networks and manifests",
    available,
    {
      pod_cidr: "10.64.0.0/14",
      service_cidr: "10.112.0.0/16",
      cluster_domain: "demo.internal",
      manifests: [namespaceManifest, "kind: Namespace\napiVersion: v1\nmetadata: { name: a }\n"],
    },
  ],
  ["Cilium", available, { cni: "cilium", cilium_manifest: ciliumManifest() }],
  ["Cilium, applied later", single, { cni: "cilium" }],
  ["no CNI", { ...single, workers: 1 }, { cni: "none" }],
  ["the examples of manifests", single, { manifests: exampleManifests() }],
];
const nodes = 1 + 5 + 3 + 5 + 5 + 2 * (5 + 1) + 2 + 4 * 5 + 3 * 2 + 5 + 5 + 1 + 2 + 1;

/** Where the Talos minor has them. */
const policies = { minor: policiesSinceMinor, changes: { network_policies: true }, nodes: 5 };

/** Minors for which the simulator's rendering is compared with the library's. */
const contracts = [9, 12, 13];
/** Provider siderolabs/talos 0.11.0 renders with the library of this minor. */
const provider = 13;

/** For a machine without a build cache. */
const buildTime = 20 * 60_000;

/**
 * Calls Talos's own library of some minors for every machine configuration.
 */
export function theLibraryAccepts(minors: readonly number[]): void {
  describeWithGo("Talos's own library", () => {
    const libraries = new Map<number, Machinery>();
    beforeAll(async () => {
      // Sequentially: each uses what Go compiled for the one before.
      for (const minor of new Set([...minors, provider]))
        libraries.set(minor, await Machinery.of(minor));
    }, buildTime);

    const world = createWorld();
    let secrets: Values;
    beforeAll(async () => {
      secrets = await createSecrets(world);
    });

    /** As in production: the pinned provider renders, the node validates. */
    const renderedByProvider = async (minor: number, requests: readonly Request[]) => {
      const answers = await libraries.get(provider)!.ask(requests);
      const refused = answers.filter(({ configuration }) => configuration === "");
      const configurations = answers
        .filter(({ configuration }) => configuration !== "")
        .map(({ name, configuration }) => ({ name, configuration }));
      return [...refused, ...(await libraries.get(minor)!.ask(configurations))];
    };

    test.each(minors)(
      "Talos's library accepts the configuration of a node of Talos 1.%i",
      async (minor) => {
        const each = clusters.map(async ([title, shape, changes, cloud]) =>
          (await rendered(versionsOf(minor), shape, changes, cloud)).map((node) => ({
            ...node,
            name: `${title}: ${node.name}`,
          })),
        );
        const requests = (await Promise.all(each)).flat();
        expect(requests).toHaveLength(nodes);
        if (minor >= policies.minor) {
          const own = await rendered(versionsOf(minor), available, policies.changes);
          expect(own).toHaveLength(policies.nodes);
          requests.push(...own);
        }
        expect(objections(await libraries.get(minor)!.ask(requests))).toEqual([]);
        expect(objections(await renderedByProvider(minor, requests))).toEqual([]);
      },
    );

    test.each(minors.filter((minor) => contracts.includes(minor)))(
      "Talos's library accepts what the simulator renders, and renders the same: Talos 1.%i",
      async (minor) => {
        const withPool = { ...available, pools: { gpu } };
        const inside = {
          pod_cidr: "10.64.0.0/14",
          cni: "cilium",
          cilium_manifest: ciliumManifest(),
          manifests: [namespaceManifest],
        };
        const requests = (await rendered(versionsOf(minor), withPool, inside)).map((node) => ({
          ...node,
          clusterName: "rehearsal",
        }));
        const simulated = await Promise.all(
          requests.map(async (node) => ({
            name: node.name,
            configuration: await render(world, secrets, {
              role: node.machineType,
              talos: node.talosVersion,
              kubernetes: node.kubernetesVersion,
              patches: node.patches,
            }),
          })),
        );
        expect(objections(await libraries.get(minor)!.ask(simulated))).toEqual([]);

        const real = await libraries.get(provider)!.ask(requests);
        expect(simulated.map(withoutSecrets)).toEqual(real.map(withoutSecrets));
      },
    );

    test.each(minors)(
      "patches may have the keys that Talos's library knows: Talos 1.%i",
      async (minor) => {
        expect(new TalosKeys(minor).all).toEqual(await libraryKeys(libraries.get(minor)!));
      },
    );

    test.each(traps.filter(({ minor }) => minors.includes(minor)))(
      "Talos's library of 1.$minor refuses $trap",
      async (trap) => {
        const { minor, patchesOf = minor, contract = minor, role = "controlplane", patch } = trap;
        const [node] = (await rendered(versionsOf(patchesOf), available)).filter(
          ({ machineType }) => machineType === role,
        );
        const { talos, kubernetes } = versionsOf(contract);
        const [answer] = await renderedByProvider(minor, [
          {
            ...node!,
            talosVersion: talos,
            kubernetesVersion: kubernetes,
            patches: [...node!.patches, ...(patch === undefined ? [] : [JSON.stringify(patch)])],
          },
        ]);
        expect(answer).toMatchObject({ ok: false, error: expect.stringContaining(trap.words) });
      },
    );
  });
}

/** What a node would refuse, and what it would warn about. */
function objections(answers: readonly Answer[]): string[] {
  return answers
    .filter(({ ok, warnings }) => !ok || warnings.length > 0)
    .map(({ name, error, warnings }) => [name, error, ...warnings].join("\n"));
}

/** A configuration's documents, without the values that differ from cluster to cluster. */
function withoutSecrets({ name, configuration }: { name: string; configuration: string }) {
  const own = /^( *(?:id|token|secret|secretboxEncryptionSecret|crt|key(?=: LS0))): (?!""$)\S.*$/gm;
  const documents = parseAllDocuments(configuration.replaceAll(own, "$1: own"));
  return { name, documents: documents.map((document) => document.toJS() as unknown) };
}
