import { parseAllDocuments } from "yaml";

import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import { contentsOf } from "../kubelet/talos-releases";
import { coreDns } from "./core-dns";
import { flannel } from "./flannel";
import { kubeProxy } from "./kube-proxy";
import type { Manifest, ManifestObject } from "./manifest";
import { nodeAccess } from "./node-access";

export interface ConfiguredManifests {
  /** In the order in which they are applied. */
  readonly manifests: readonly Manifest[];
  /** Why an inline manifest is not among them. */
  readonly problems: readonly string[];
}

/**
 * The manifests that a control plane applies: Talos's own, then the configuration's inline ones, by
 * name.
 *
 * @param version The running Talos: its images.
 */
export function manifestsOf(
  configuration: MachineConfiguration,
  version: string | undefined,
): ConfiguredManifests {
  const contents = contentsOf(version);
  const problems: string[] = [];
  const inline = configuration.inlineManifests.flatMap(({ name, contents: text }) => {
    try {
      return [{ id: `99-${name}`, objects: objectsIn(text) }];
    } catch (error) {
      problems.push(
        `manifest "${name}": ${error instanceof Error ? error.message : String(error)}`,
      );
      return [];
    }
  });
  const manifests = [
    ...nodeAccess(configuration),
    ...(configuration.cni === "flannel" ? [flannel(configuration, contents.flannel)] : []),
    ...(configuration.component("proxy").isDisabled ? [] : [kubeProxy(configuration)]),
    ...(configuration.isCoreDnsDisabled ? [] : coreDns(configuration, contents.coreDns)),
    ...inline,
  ];
  manifests.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { manifests, problems };
}

/** @throws Error for what is no YAML, or no object of Kubernetes */
function objectsIn(text: string): ManifestObject[] {
  const parsed = parseAllDocuments(text);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const value = document.toJS() as unknown;
    if (value === null) return [];
    if (!isManifestObject(value)) {
      throw new Error("an object without apiVersion, kind or name");
    }
    return [value];
  });
}

function isManifestObject(value: unknown): value is ManifestObject {
  const { apiVersion, kind, metadata } = value as Partial<ManifestObject>;
  return [apiVersion, kind, metadata?.name].every((text) => typeof text === "string");
}
