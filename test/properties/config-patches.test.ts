import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import {
  ConfigurationError,
  type Json,
  kindOf,
  loadDocuments,
  type Mapping,
} from "../../simulator/talos/configuration/documents";
import { loadPatches, patchConfiguration } from "../../simulator/talos/configuration/patches";
import { createSecrets, createWorld, render } from "../../simulator/test/talos/fixtures";
import { type Form, mainKind, TalosKeys } from "../../src/config/patches/keys";
import { rendered, versionsOf } from "../machinery/rendered";
import { problemsOf, single, specOf, values } from "../support/input";

const keys = new TalosKeys(13);
const dangerous = [
  "NetworkDefaultActionConfig",
  "NetworkRuleConfig",
  "BlackholeRouteConfig",
  "HostnameConfig",
  "VolumeConfig",
];
const deletion = { $patch: "delete" };

/** Whatever Talos's library knows, with a deletion here and there. */
function valueOf(form: Form, depth: number): fc.Arbitrary<unknown> {
  const removed = { weight: 1, arbitrary: fc.constant(deletion) };
  const or = (arbitrary: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 6, arbitrary }, removed, { weight: 1, arbitrary: fc.constant(null) });
  switch (form.is) {
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.nat(65535);
    case "text":
      return fc.constantFrom(
        "",
        "a",
        "accept",
        "block",
        "0.0.0.0/0",
        "169.254.169.254/32",
        "127.0.0.1",
      );
    case "anything":
      return fc.constantFrom("a", 1, {}, []);
    case "list":
      return or(fc.array(valueOf(form.of, depth - 1), { maxLength: 2 }));
    case "map":
      return or(fc.dictionary(fc.constantFrom("a", "b"), valueOf(form.of, depth - 1)));
    case "structure":
      return or(structure(form.name, depth - 1));
  }
}

function structure(name: string, depth: number): fc.Arbitrary<unknown> {
  const known = keys.keys(name).filter((key) => key !== "name");
  if (known.length === 0 || depth <= 0) return fc.constant({});
  return fc
    .uniqueArray(fc.constantFrom(...known), { minLength: 1, maxLength: 2 })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries(
          chosen.map((key) => [key, valueOf(keys.formOf(name, key) ?? { is: "anything" }, depth)]),
        ),
      ),
    );
}

const main = structure(keys.structureOf(mainKind) ?? "", 6);

/** Settings of the main document that patches may not change, or not remove. */
const guarded = {
  machine: ["certSANs", "type", "token", "ca", "install.image", "install.disk", "kubelet.image"],
  nodes: ["nodeLabels", "nodeTaints", "network.hostname"],
  cluster: ["id", "secret", "token", "ca", "controlPlane.endpoint", "inlineManifests"],
  images: ["apiServer.image", "proxy.image", "apiServer.certSANs", "etcd.advertisedSubnets"],
  networks: ["network.podSubnets", "network.serviceSubnets", "network.dnsDomain", "network.cni"],
};
const guardedPaths = [
  ...[...guarded.machine, ...guarded.nodes].map((path) => `machine.${path}`),
  ...[...guarded.cluster, ...guarded.images, ...guarded.networks].map((path) => `cluster.${path}`),
].map((path) => path.split("."));

/** One of them set, or removed, or removed with what it is in. */
const aimed = fc
  .tuple(fc.constantFrom(...guardedPaths), fc.constantFrom(0, 0, 0, 1), fc.boolean())
  .chain(([path, shorter, isRemoved]) => {
    const steps = path.slice(0, path.length - shorter);
    const value = isRemoved || shorter > 0 ? fc.constant(deletion) : valueOf(formAt(path), 2);
    return value.map((leaf) => steps.reduceRight((inner, step) => ({ [step]: inner }), leaf));
  });

function formAt(path: readonly string[]): Form {
  let form: Form = { is: "structure", name: keys.structureOf(mainKind) ?? "" };
  for (const step of path) {
    const next: Form | undefined =
      form.is === "structure" ? keys.formOf(form.name, step) : undefined;
    if (next === undefined) throw new Error(`Talos knows ${path.join(".")}`);
    form = next;
  }
  return form;
}

const document = fc.oneof(
  { weight: 8, arbitrary: aimed },
  { weight: 3, arbitrary: main },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...dangerous, ...keys.kinds).chain((kind) => {
      const name = keys.structureOf(kind) ?? "";
      const head = { apiVersion: "v1alpha1", kind };
      const named = keys.keys(name).includes("name")
        ? fc.constantFrom("apid", "etcd", "vxlan", "STATE", "169.254.169.254/32", "other")
        : fc.constant(undefined);
      return fc.tuple(named, structure(name, 4), fc.boolean()).map(([own, body, isRemoved]) => ({
        ...head,
        ...(own === undefined ? {} : { name: own }),
        ...(isRemoved ? deletion : (body as object)),
      }));
    }),
  },
);

const patch = fc
  .tuple(fc.array(document, { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([documents, isJson]) =>
    isJson && documents.length === 1
      ? JSON.stringify(documents[0])
      : documents.map((one) => stringify(one)).join("---\n"),
  );

/** What patches may not change. */
function kept(documents: readonly Mapping[]): unknown {
  const main = documents.find((one) => kindOf(one) === "Config");
  const at = (...path: string[]) =>
    path.reduce<Json | undefined>((part, step) => (part as Mapping | undefined)?.[step], main);
  const ofKind = (kind: string) => documents.filter((one) => kindOf(one) === kind);
  return {
    tunnel: (at("machine", "certSANs") as Json[]).includes("127.0.0.1"),
    firewall: [...ofKind("NetworkDefaultActionConfig"), ...ofKind("NetworkRuleConfig")],
    disks: ofKind("VolumeConfig")
      .filter(({ name }) => name === "STATE" || name === "EPHEMERAL")
      .map(({ name, encryption }) => ({ name, encryption })),
    hostname: [ofKind("HostnameConfig"), at("machine", "network", "hostname")],
    cluster: ["id", "secret", "token", "ca", "controlPlane", "network", "inlineManifests"].map(
      (key) => at("cluster", key),
    ),
    machine: ["type", "token", "ca", "install", "nodeLabels", "nodeTaints"].map((key) =>
      at("machine", key),
    ),
    addresses: [at("cluster", "etcd", "advertisedSubnets"), at("machine", "kubelet", "nodeIP")],
    names: (at("cluster", "apiServer", "certSANs") as Json[]).includes("api.example.org"),
    images: [
      at("machine", "kubelet", "image"),
      at("cluster", "apiServer", "image"),
      at("cluster", "proxy", "image"),
    ],
  };
}

test("whatever patch passes synth, the configuration keeps its promises", async () => {
  const world = createWorld();
  const versions = versionsOf(13);
  const { talos: talos_version, kubernetes: kubernetes_version } = versions;
  const given = values({ workers: 1 }, { talos_version, kubernetes_version });
  const [node] = await rendered(versions, single, { cluster_endpoint: "api.example.org" });
  const base = await render(world, await createSecrets(world), {
    role: "controlplane",
    talos: talos_version,
    kubernetes: kubernetes_version,
    patches: node!.patches,
  });
  const expected = kept(loadDocuments(base));
  expect(expected).toMatchObject({ tunnel: true });
  let passed = 0;
  fc.assert(
    fc.property(patch, (text) => {
      const input = { ...given, config_patches: { control_planes: [text] } };
      if (problemsOf(input).some((problem) => problem.startsWith("error"))) return;
      const [checked] = specOf(input).configPatches?.controlPlanes ?? [];
      try {
        const merged = patchConfiguration(base, loadPatches([checked?.text ?? ""]));
        passed += 1;
        expect(kept(loadDocuments(merged))).toEqual(expected);
      } catch (error) {
        // Talos refuses it, too: a deletion of what is not there.
        if (!(error instanceof ConfigurationError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
  expect(passed).toBeGreaterThan(20);
});
