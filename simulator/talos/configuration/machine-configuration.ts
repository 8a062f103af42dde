import type { KeyAndCertificate } from "../../pki/certificates";
import { fromBase64 } from "../values";
import { at, listAt, stringAt } from "./access";
import {
  ConfigurationError,
  isMapping,
  type Json,
  kindOf,
  loadDocuments,
  MAIN,
  type Mapping,
} from "./documents";
import { configurationProblems, joinProblems } from "./validate";

/** A configuration that a node accepted, with the fields that the simulated node needs. */
export class MachineConfiguration {
  private constructor(
    readonly documents: readonly Mapping[],
    private readonly main: Mapping,
  ) {}

  /**
   * Loads and validates as a node of this Talos minor does.
   * @throws ConfigurationError with every problem, in Talos's messages.
   */
  static load(text: string, minor?: number): MachineConfiguration {
    const documents = loadDocuments(text, { minor });
    const main = documents.find((document) => kindOf(document) === MAIN);
    if (main === undefined) {
      throw new ConfigurationError("the configuration has no v1alpha1 document");
    }
    const problems = configurationProblems(documents);
    if (problems.length > 0) throw new ConfigurationError(joinProblems(problems));
    return new MachineConfiguration(documents, main);
  }

  get isControlPlane(): boolean {
    return stringAt(this.main, "machine", "type") !== "worker";
  }

  get clusterName(): string {
    return stringAt(this.main, "cluster", "clusterName");
  }

  get clusterId(): string {
    return stringAt(this.main, "cluster", "id");
  }

  /** The Kubernetes API's URL. */
  get endpoint(): string {
    return stringAt(this.main, "cluster", "controlPlane", "endpoint");
  }

  /** The CA of the Talos API, PEM; on workers without its key (empty). */
  get osAuthority(): KeyAndCertificate {
    return this.authority("machine");
  }

  get kubernetesAuthority(): KeyAndCertificate {
    return this.authority("cluster");
  }

  /** Additional names and addresses of the Talos API's certificate. */
  get certificateNames(): string[] {
    return listAt(this.main, "machine", "certSANs").filter((name) => typeof name === "string");
  }

  /** As configured; undefined when the platform names the node. */
  get hostname(): string | undefined {
    const document = this.documents.find((candidate) => kindOf(candidate) === "HostnameConfig");
    const names = [document?.hostname, at(this.main, "machine", "network", "hostname")];
    return names.filter((name) => typeof name === "string").find((name) => name !== "");
  }

  get installImage(): string {
    return stringAt(this.main, "machine", "install", "image");
  }

  /** Lifetime of an administrator's kubeconfig, a Go duration. @default one year, as Talos's */
  get kubeconfigLifetime(): string {
    return stringAt(this.main, "cluster", "adminKubeconfig", "certLifetime") || "8760h";
  }

  /** Changes to a running node that need a reboot. */
  get fixedUntilReboot(): Mapping {
    const machine = at(this.main, "machine");
    const features = at(this.main, "machine", "features");
    return {
      machine: pick(machine, NEED_REBOOT),
      features: pick(features, FEATURES_THAT_NEED_REBOOT),
    };
  }

  private authority(section: "machine" | "cluster"): KeyAndCertificate {
    return {
      certificate: fromBase64(stringAt(this.main, section, "ca", "crt")),
      key: fromBase64(stringAt(this.main, section, "ca", "key")),
    };
  }
}

/**
 * Everything in the machine section but what `CanApplyImmediate` of Talos 1.13 lists; `cluster`
 * never needs a reboot.
 */
const NEED_REBOOT = [
  "type",
  "token",
  "disks",
  "files",
  "env",
  "systemDiskEncryption",
  "udev",
  "baseRuntimeSpecOverrides",
];
const FEATURES_THAT_NEED_REBOOT = [
  "rbac",
  "stableHostname",
  "apidCheckExtKeyUsage",
  "diskQuotaSupport",
];

function pick(value: Json | undefined, names: readonly string[]): Mapping {
  if (!isMapping(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
}
