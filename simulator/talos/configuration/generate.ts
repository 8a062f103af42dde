import type { Values } from "../../protocol/model";
import { objectOf, stringOf } from "../values";
import type { VersionContract } from "../version-contract";
import type { Json, Mapping } from "./documents";

export interface GenerateInput {
  readonly clusterName: string;
  /** The URL of the Kubernetes API: "https://51.15.1.2:6443". */
  readonly clusterEndpoint: string;
  readonly machineType: "controlplane" | "worker";
  /** In the form of `talos_machine_secrets.machine_secrets`. */
  readonly secrets: Values;
  /** Without v: "1.36.0". */
  readonly kubernetesVersion: string;
  readonly contract: VersionContract;
}

/** The installer that provider 0.11.0 writes for every contract. */
const INSTALLER = "ghcr.io/siderolabs/installer:v1.13.0";

/** The documents that Talos generates for a machine before any patch. Keys are in Talos's own order. */
export function generateConfiguration(input: GenerateInput): Mapping[] {
  const main = {
    version: "v1alpha1",
    debug: false,
    persist: true,
    machine: machine(input),
    cluster: cluster(input),
  };
  if (input.contract.minor < 12) return [main];
  return [main, { apiVersion: "v1alpha1", kind: "HostnameConfig", auto: "stable" }];
}

function machine({ machineType, secrets, kubernetesVersion, contract }: GenerateInput): Mapping {
  const isControlPlane = machineType === "controlplane";
  return {
    type: machineType,
    token: stringOf(objectOf(secrets.trustdinfo).token),
    ca: authority(secrets, "os", isControlPlane),
    certSANs: [],
    kubelet: {
      image: `ghcr.io/siderolabs/kubelet:v${kubernetesVersion}`,
      defaultRuntimeSeccompProfileEnabled: true,
      disableManifestsDirectory: true,
    },
    ...(contract.minor < 13 && { network: {} }),
    install: {
      disk: "/dev/sda",
      image: INSTALLER,
      wipe: false,
      ...(contract.minor >= 12 && { grubUseUKICmdline: true }),
    },
    features: {
      ...(contract.minor < 12 && { rbac: true, stableHostname: true, apidCheckExtKeyUsage: true }),
      diskQuotaSupport: true,
      kubePrism: { enabled: true, port: 7445 },
      hostDNS: { enabled: true, forwardKubeDNSToHost: true },
    },
    ...(isControlPlane && {
      nodeLabels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" },
    }),
  };
}

function cluster(input: GenerateInput): Mapping {
  const { secrets, machineType } = input;
  const isControlPlane = machineType === "controlplane";
  return {
    id: stringOf(objectOf(secrets.cluster).id),
    secret: stringOf(objectOf(secrets.cluster).secret),
    controlPlane: { endpoint: input.clusterEndpoint },
    clusterName: input.clusterName,
    network: {
      dnsDomain: "cluster.local",
      podSubnets: ["10.244.0.0/16"],
      serviceSubnets: ["10.96.0.0/12"],
    },
    token: stringOf(objectOf(secrets.secrets).bootstrap_token),
    ...(isControlPlane && {
      secretboxEncryptionSecret: stringOf(objectOf(secrets.secrets).secretbox_encryption_secret),
    }),
    ca: authority(secrets, "k8s", isControlPlane),
    ...(isControlPlane && controlPlane(input)),
    discovery: {
      enabled: true,
      registries: { kubernetes: { disabled: true }, service: {} },
    },
    ...(isControlPlane && { etcd: { ca: authority(secrets, "etcd", true) } }),
  };
}

function controlPlane({ secrets, kubernetesVersion, contract, clusterEndpoint }: GenerateInput) {
  const image = (name: string) => ({ image: `registry.k8s.io/${name}:v${kubernetesVersion}` });
  const certs = objectOf(secrets.certs);
  return {
    aggregatorCA: authority(secrets, "k8s_aggregator", true),
    serviceAccount: { key: stringOf(objectOf(certs.k8s_serviceaccount).key) },
    apiServer: {
      ...image("kube-apiserver"),
      ...(contract.minor < 12 && {
        certSANs: [new URL(clusterEndpoint).hostname],
        disablePodSecurityPolicy: true,
      }),
      admissionControl: [{ name: "PodSecurity", configuration: podSecurity() }],
      auditPolicy: {
        apiVersion: "audit.k8s.io/v1",
        kind: "Policy",
        rules: [{ level: "Metadata" }],
      },
    },
    controllerManager: image("kube-controller-manager"),
    proxy: image("kube-proxy"),
    scheduler: image("kube-scheduler"),
  };
}

/** Workers have the authority's certificate, but not its key. */
function authority(secrets: Values, name: string, withKey: boolean): Mapping {
  const pair = objectOf(objectOf(secrets.certs)[name]);
  return { crt: stringOf(pair.cert), key: withKey ? stringOf(pair.key) : "" };
}

function podSecurity(): Json {
  return {
    apiVersion: "pod-security.admission.config.k8s.io/v1alpha1",
    defaults: {
      audit: "restricted",
      "audit-version": "latest",
      enforce: "baseline",
      "enforce-version": "latest",
      warn: "restricted",
      "warn-version": "latest",
    },
    exemptions: { namespaces: ["kube-system"], runtimeClasses: [], usernames: [] },
    kind: "PodSecurityConfiguration",
  };
}
