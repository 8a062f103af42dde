import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kubernetesMinors } from "../../src/config/checks/versions";
import { synthesize } from "../../src/synth";
import { Version } from "../../constructs/model/version";
import { cloudProviders } from "../../providers";
import { scaleway, type TestCloud } from "../support/clouds";
import { patchFor, Stack, temporaryDirectory, values } from "../support/input";

/** A Talos minor with the newest patch and the newest Kubernetes that are tested with it. */
export interface Versions {
  readonly minor: number;
  readonly talos: string;
  readonly kubernetes: string;
}

/** The arguments of a node's machine configuration, as the stack passes them to the provider. */
export interface Rendered {
  readonly name: string;
  readonly clusterName: string;
  readonly endpoint: string;
  readonly machineType: "controlplane" | "worker";
  /** The version contract: "v1.13". */
  readonly talosVersion: string;
  readonly kubernetesVersion: string;
  readonly patches: readonly string[];
}

export function versionsOf(minor: number): Versions {
  const talos = Version.parse(`v1.${minor}.3`);
  if (talos === undefined) throw new TypeError(`v1.${minor}.3 is a version`);
  return {
    minor,
    talos: talos.toString(),
    kubernetes: `v1.${kubernetesMinors(talos).newest}.1`,
  };
}

/** Synthesizes a cluster and reads the nodes' machine configurations from its cdk.tf.json. */
export async function rendered(
  { talos, kubernetes }: Versions,
  nodes: object,
  changes: object = {},
  cloud = scaleway,
): Promise<Rendered[]> {
  const input = values(
    nodes,
    { talos_version: talos, kubernetes_version: kubernetes, ...changes },
    cloud,
  );
  const directory = temporaryDirectory({ "tofu.tfvars.json": JSON.stringify(input) });
  const { stackDirectory } = await synthesize({ directory, environment: { CI: "true" } });
  const file = readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8");
  const stack = new Stack(JSON.parse(file));
  const contract = stack.at("talos_machine_secrets.talos_config")["talos_version"] as string;
  const { schematic_id } = stack.at("data.talos_image_factory_urls.talos_config");
  const installer = `factory.talos.dev/${cloudProviders[cloud.name].talos.name}-installer/${schematic_id}:${talos}`;
  const resolve = (text: string) =>
    withoutReferences(patchFor(text, Number(contract.split(".")[1])), installer, cloud);
  return Object.entries(stack.all("talos_machine_configuration")).map(([name, node]) => ({
    name,
    clusterName: node.cluster_name,
    endpoint: resolve(node.cluster_endpoint),
    machineType: node.machine_type,
    talosVersion: contract,
    kubernetesVersion: node.kubernetes_version,
    patches: (node.config_patches as string[]).map(resolve),
  }));
}

/** A value that is known only after apply, as a string that it could become. */
function withoutReferences(text: string, installer: string, cloud: TestCloud): string {
  const known = new Map([
    [cloud.apiAddress.join("."), "51.15.1.2"],
    ["data.talos_image_factory_urls.talos_config.urls.installer", installer],
    ["local.talos_disk_passphrase", "0".repeat(64)],
  ]);
  const resolved = text.replaceAll(/(?<!\$)\$\{([^}]*)\}/g, (_, reference: string) => {
    const value = known.get(reference);
    if (value === undefined) throw new Error(`what could ${reference} become?`);
    return value;
  });
  return resolved.replaceAll(/([$%])\1\{/g, "$1{");
}
