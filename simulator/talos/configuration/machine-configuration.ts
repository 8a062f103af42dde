import type { KeyAndCertificate } from "../../pki/certificates";
import { fromBase64 } from "../values";
import { argumentsIn, at, listAt, stringAt, stringsOr, textsIn } from "./access";
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

/** Components whose configuration is a resource of its own in Talos. */
export const CONFIGURED_COMPONENTS = [
  "apiServer",
  "controllerManager",
  "scheduler",
  "kubelet",
] as const;
/** What a node counts the changes of. */
export const COUNTED_PARTS = [...CONFIGURED_COMPONENTS, "kubernetesAuthorities"] as const;

export type CountedPart = (typeof COUNTED_PARTS)[number];
export type ConfiguredComponent = (typeof CONFIGURED_COMPONENTS)[number];
export type KubernetesComponent = ConfiguredComponent | "proxy";

export interface ComponentConfiguration {
  /** With its tag; empty where the configuration names none. */
  readonly image: string;
  /** The tag without v: "1.36.3"; empty without. */
  readonly version: string;
  /** Values of each additional flag, by its name without dashes. */
  readonly extraArgs: Readonly<Record<string, readonly string[]>>;
  readonly isDisabled: boolean;
}

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
    return this.authority("machine", "ca");
  }

  /** Further CAs of the Talos API's clients and servers, PEM: the former and the next one of a rotation. */
  get acceptedOsAuthorities(): string[] {
    return this.accepted("machine");
  }

  /** Proves a worker to the control planes that sign its certificates. */
  get machineToken(): string {
    return stringAt(this.main, "machine", "token");
  }

  /** The CA of the Kubernetes API, which issues its certificates; on workers without its key (empty). */
  get kubernetesAuthority(): KeyAndCertificate {
    return this.authority("cluster", "ca");
  }

  /** Every CA that the Kubernetes API and its clients accept, PEM: the issuing one first. */
  get kubernetesAuthorities(): string[] {
    return [this.kubernetesAuthority.certificate, ...this.accepted("cluster")];
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

  get etcdAuthority(): KeyAndCertificate {
    return this.authority("cluster", "etcd", "ca");
  }

  /** Signs the certificates with which the API server calls its extensions. */
  get aggregatorAuthority(): KeyAndCertificate {
    return this.authority("cluster", "aggregatorCA");
  }

  /** The private key that signs tokens of service accounts, PEM; empty on workers. */
  get serviceAccountKey(): string {
    return fromBase64(stringAt(this.main, "cluster", "serviceAccount", "key"));
  }

  /** The key with which secrets are encrypted in etcd, as it is in the file (base64); empty without. */
  get secretboxSecret(): string {
    return stringAt(this.main, "cluster", "secretboxEncryptionSecret");
  }

  /** The token with which kubelets ask for their first certificate: "abcdef.0123456789abcdef". */
  get bootstrapToken(): string {
    return stringAt(this.main, "cluster", "token");
  }

  /** @default 10.244.0.0/16 */
  get podSubnets(): string[] {
    return stringsOr(listAt(this.main, "cluster", "network", "podSubnets"), "10.244.0.0/16");
  }

  /** @default 10.96.0.0/12 */
  get serviceSubnets(): string[] {
    return stringsOr(listAt(this.main, "cluster", "network", "serviceSubnets"), "10.96.0.0/12");
  }

  /** @default cluster.local */
  get clusterDomain(): string {
    return stringAt(this.main, "cluster", "network", "dnsDomain") || "cluster.local";
  }

  /** "flannel", "none" or "custom". */
  get cni(): string {
    return stringAt(this.main, "cluster", "network", "cni", "name") || "flannel";
  }

  /** Image ("registry.k8s.io/kube-apiserver:v1.36.3") and flags of a component. */
  component(name: KubernetesComponent): ComponentConfiguration {
    const path = name === "kubelet" ? ["machine", name] : ["cluster", name];
    const image = stringAt(this.main, ...path, "image");
    return {
      image,
      version: /:v(\d+\.\d+\.\d+[^:@]*)/.exec(image)?.[1] ?? "",
      extraArgs: argumentsIn(at(this.main, ...path, "extraArgs")),
      isDisabled: at(this.main, ...path, "disabled") === true,
    };
  }

  /** Additional names and addresses of the API server's certificate. */
  get apiServerNames(): string[] {
    return stringsOr(listAt(this.main, "cluster", "apiServer", "certSANs"));
  }

  get nodeLabels(): Record<string, string> {
    return textsIn(at(this.main, "machine", "nodeLabels"));
  }

  get nodeAnnotations(): Record<string, string> {
    return textsIn(at(this.main, "machine", "nodeAnnotations"));
  }

  /** By key, "value:effect" or "effect". */
  get nodeTaints(): Record<string, string> {
    return textsIn(at(this.main, "machine", "nodeTaints"));
  }

  /** Those that the kubelet's own configuration gives its Node at its registration. */
  get registeredTaints(): {
    readonly key: string;
    readonly value: string;
    readonly effect: string;
  }[] {
    const taints = listAt(this.main, "machine", "kubelet", "extraConfig", "registerWithTaints");
    return taints.filter(isMapping).map((taint) => ({
      key: stringAt(taint, "key"),
      value: stringAt(taint, "value"),
      effect: stringAt(taint, "effect"),
    }));
  }

  /** Whether a controller of the cloud's own is to initialize nodes: until then no pod runs there. */
  get hasExternalCloudProvider(): boolean {
    return at(this.main, "cluster", "externalCloudProvider", "enabled") === true;
  }

  /** Whether ordinary pods may run on control planes: without it Talos taints them. */
  get schedulesOnControlPlanes(): boolean {
    return (
      at(this.main, "cluster", "allowSchedulingOnControlPlanes") === true ||
      at(this.main, "cluster", "allowSchedulingOnMasters") === true
    );
  }

  get isCoreDnsDisabled(): boolean {
    return at(this.main, "cluster", "coreDNS", "disabled") === true;
  }

  /** Manifests in the configuration itself, in their order. */
  get inlineManifests(): { readonly name: string; readonly contents: string }[] {
    return listAt(this.main, "cluster", "inlineManifests").flatMap((manifest) =>
      isMapping(manifest)
        ? [{ name: stringAt(manifest, "name"), contents: stringAt(manifest, "contents") }]
        : [],
    );
  }

  /** The whole part of the configuration that a component's resource is rendered from. */
  partOf(component: CountedPart): Json[] {
    if (component === "kubernetesAuthorities") return this.kubernetesAuthorities;
    if (component === "kubelet") return [at(this.main, "machine", "kubelet") ?? null];
    return [
      at(this.main, "cluster", component) ?? null,
      at(this.main, "cluster", "network") ?? null,
      at(this.main, "cluster", "controlPlane") ?? null,
    ];
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

  private accepted(section: "machine" | "cluster"): string[] {
    return listAt(this.main, section, "acceptedCAs")
      .filter(isMapping)
      .map((accepted) => fromBase64(stringAt(accepted, "crt")));
  }

  private authority(...path: string[]): KeyAndCertificate {
    return {
      certificate: fromBase64(stringAt(this.main, ...path, "crt")),
      key: fromBase64(stringAt(this.main, ...path, "key")),
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
