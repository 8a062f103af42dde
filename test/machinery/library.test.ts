import { beforeAll, expect, test } from "@jest/globals";
import type { Values } from "../../simulator/protocol/model";
import { available, single } from "../support/input";
import { describeWithGo, Machinery, machineryMinors, type Request } from "../support/machinery";
import { createSecrets, createWorld, render } from "../simulator/talos/fixtures";
import { type Rendered, rendered, versionsOf } from "./rendered";

const clusters: readonly [string, object, object?][] = [
  ["one control plane", single],
  ["three control planes and two workers", available],
  ["three control planes alone", { ...available, workers: 0 }],
  ["a name for the API", available, { cluster_endpoint: "api.example.org" }],
  ["another network", available, { network_cidr: "10.0.0.0/16" }],
];

interface Trap {
  readonly trap: string;
  readonly minor: number;
  readonly role?: "worker";
  readonly patch: object;
  readonly words: string;
}

const roles = (minors: readonly number[]) =>
  minors.flatMap((minor) => [
    [minor, "controlplane" as const] as const,
    [minor, "worker" as const] as const,
  ]);

/** Keys, tokens and certificates are every cluster's own. */
const withoutSecrets = (text: string) =>
  text.replaceAll(/^( *(?:id|token|secret|secretboxEncryptionSecret|crt|key)): \S.*$/gm, "$1: own");

/** Builds where nothing is cached, for all minors together. */
const buildTime = 20 * 60_000;

const patch = (kind: string, settings: object) => ({ apiVersion: "v1alpha1", kind, ...settings });
const traps: readonly Trap[] = [
  {
    trap: "a host name as a document before Talos 1.12",
    minor: 11,
    patch: patch("HostnameConfig", { auto: "off", hostname: "a-1" }),
    words: "?",
  },
  {
    trap: "a host name as a key from Talos 1.12 on",
    minor: 13,
    patch: { machine: { network: { hostname: "a-1" } } },
    words: "static hostname is already set in v1alpha1 config",
  },
  {
    trap: "a host name as a key from Talos 1.12 on",
    minor: 12,
    patch: { machine: { network: { hostname: "a-1" } } },
    words: "static hostname is already set in v1alpha1 config",
  },
  {
    trap: "a host name beside Talos's own",
    minor: 13,
    patch: patch("HostnameConfig", { auto: "stable" }),
    words: "'auto' and 'hostname' cannot be set at the same time",
  },
  {
    trap: "etcd on a worker",
    minor: 13,
    role: "worker",
    patch: { cluster: { etcd: { advertisedSubnets: ["172.16.4.0/22"] } } },
    words: "etcd config is only allowed on control plane machines",
  },
  {
    trap: "a single port as text",
    minor: 13,
    patch: patch("NetworkRuleConfig", {
      name: "web",
      portSelector: { ports: ["6443"], protocol: "tcp" },
      ingress: [{ subnet: "172.16.4.0/22" }],
    }),
    words: "invalid port range",
  },
  {
    trap: "an unknown key",
    minor: 13,
    patch: { machine: { certSans: ["127.0.0.1"] } },
    words: "unknown keys found during decoding",
  },
  {
    trap: "an unknown key",
    minor: 9,
    patch: { machine: { certSans: ["127.0.0.1"] } },
    words: "unknown keys found during decoding",
  },
];

describeWithGo("Talos's own library", () => {
  const libraries = new Map<number, Machinery>();
  beforeAll(async () => {
    // One after another: each uses what Go compiled for the one before.
    for (const minor of machineryMinors) libraries.set(minor, await Machinery.of(minor));
  }, buildTime);

  const world = createWorld();
  let secrets: Values;
  beforeAll(async () => {
    secrets = await createSecrets(world);
  });

  const library = (minor: number) => libraries.get(minor)!;
  const refused = async (minor: number, requests: readonly Request[]) =>
    (await library(minor).ask(requests))
      .filter(({ ok, warnings }) => !ok || warnings.length > 0)
      .map(({ name, error, warnings }) => ({ name, error, warnings }));

  /** The configurations of all clusters at a minor. */
  const all = async (minor: number): Promise<Rendered[]> => {
    const each = clusters.map(async ([title, nodes, changes]) =>
      (await rendered(versionsOf(minor), nodes, changes)).map((node) => ({
        ...node,
        name: `${title}: ${node.name}`,
      })),
    );
    return (await Promise.all(each)).flat();
  };

  test.each(machineryMinors)("accepts what a node of Talos 1.%i gets", async (minor) => {
    const requests = await all(minor);
    expect(requests).toHaveLength(1 + 5 + 3 + 5 + 5);
    expect(await refused(minor, requests)).toEqual([]);

    // The pinned provider renders with the newest library whatever the node runs.
    const fromProvider = await library(13).ask(requests);
    expect(
      await refused(
        minor,
        fromProvider.map(({ name, configuration }) => ({ name, configuration })),
      ),
    ).toEqual([]);
  });

  test.each(roles([9, 12, 13]))(
    "accepts what the simulator renders, and would render the same: Talos 1.%i, %s",
    async (minor, role) => {
      const nodes = (await rendered(versionsOf(minor), available)).filter(
        ({ machineType }) => machineType === role,
      );
      const simulated = await Promise.all(
        nodes.map(async (node) => ({
          name: node.name,
          configuration: await render(world, secrets, {
            role,
            talos: node.talosVersion,
            kubernetes: node.kubernetesVersion,
            patches: node.patches,
          }),
        })),
      );
      expect(await refused(minor, simulated)).toEqual([]);

      const real = await library(13).ask(
        nodes.map((node) => ({ ...node, clusterName: "rehearsal" })),
      );
      const pairs = (answers: readonly { name: string; configuration: string }[]) =>
        Object.fromEntries(
          answers.map(({ name, configuration }) => [name, withoutSecrets(configuration)]),
        );
      expect(pairs(simulated)).toEqual(pairs(real));
    },
  );

  test.each(traps)("refuses $trap", async ({ minor, role = "controlplane", patch, words }) => {
    const [node] = (await rendered(versionsOf(minor), available)).filter(
      ({ machineType }) => machineType === role,
    );
    const [answer] = await library(minor).ask([
      { ...node!, patches: [...node!.patches, JSON.stringify(patch)] },
    ]);
    expect(answer).toMatchObject({ ok: false, error: expect.stringContaining(words) });
  });

  test("refuses a configuration newer than the node's Talos", async () => {
    const rendering = await library(13).ask(await rendered(versionsOf(13), available));
    for (const answer of await library(11).ask(rendering)) console.log(answer.error);
  });
});
