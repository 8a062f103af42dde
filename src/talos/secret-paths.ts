import { isSecretName, isSecretText } from "../config/patches/secrets";
import type { ConfigurationValue } from "./configuration-documents";

/**
 * What machine configurations keep secret, by path: everything below it too. `*` is any key, `[]` any
 * item of a list; before the colon is the kind of the document, `*` for any. From the structures of
 * Talos's library (src/config/patches/known-keys.ts).
 */
const secretPaths: readonly string[] = [
  "v1alpha1: machine.token",
  "v1alpha1: machine.ca.key",
  "v1alpha1: machine.env",
  "v1alpha1: machine.files[].content",
  // Its providers have an environment.
  "v1alpha1: machine.kubelet.credentialProviderConfig",
  "v1alpha1: machine.network.interfaces[].wireguard.privateKey",
  "v1alpha1: machine.network.interfaces[].vip.equinixMetal.apiToken",
  "v1alpha1: machine.network.interfaces[].vip.hcloud.apiToken",
  "v1alpha1: machine.network.interfaces[].vlans[].vip.equinixMetal.apiToken",
  "v1alpha1: machine.network.interfaces[].vlans[].vip.hcloud.apiToken",
  "v1alpha1: machine.registries.config.*.auth",
  "v1alpha1: machine.registries.config.*.tls.clientIdentity.key",
  "v1alpha1: machine.systemDiskEncryption.*.keys[].static",
  "v1alpha1: cluster.secret",
  "v1alpha1: cluster.token",
  "v1alpha1: cluster.ca.key",
  "v1alpha1: cluster.aescbcEncryptionSecret",
  "v1alpha1: cluster.secretboxEncryptionSecret",
  "v1alpha1: cluster.aggregatorCA.key",
  "v1alpha1: cluster.serviceAccount.key",
  "v1alpha1: cluster.etcd.ca.key",
  "v1alpha1: cluster.apiServer.env",
  "v1alpha1: cluster.controllerManager.env",
  "v1alpha1: cluster.scheduler.env",
  "v1alpha1: cluster.extraManifestHeaders",
  "v1alpha1: cluster.inlineManifests[].contents",
  // Pods are the user's own.
  "v1alpha1: machine.pods[].spec.containers[].env",
  "v1alpha1: machine.pods[].spec.initContainers[].env",
  // VolumeConfig, UserVolumeConfig, RawVolumeConfig, SwapVolumeConfig, …
  "*: encryption.keys[].static",
  "*: env",
  "*: environment",
  "CRICustomizationConfig: content",
  "DiscoveryIdentityConfig: clusterSecret",
  "EnvironmentConfig: variables",
  "EtcFileConfig: contents",
  "ExtensionServiceConfig: configFiles[].content",
  "HCloudVIPConfig: apiToken",
  "KubeAPIServerCAConfig: issuingCA.key",
  "KubeAggregatorCAConfig: issuingCA.key",
  "KubeCredentialProviderConfig: configuration",
  "KubeEtcdEncryptionConfig: config",
  "KubeExternalManifestConfig: headers",
  "KubeInlineManifestConfig: contents",
  "KubeServiceAccountConfig: issuer.privateKey",
  "RegistryAuthConfig: auth",
  "RegistryAuthConfig: identityToken",
  "RegistryAuthConfig: password",
  "RegistryAuthConfig: username",
  "RegistryTLSConfig: clientIdentity.key",
  // Its query has the join token.
  "SideroLinkConfig: apiUrl",
  "WireguardConfig: peers[].presharedKey",
  "WireguardConfig: privateKey",
];

/** Keys whose names look secret and whose values are not. */
const publicPaths: readonly string[] = [
  // The key of a taint.
  "v1alpha1: machine.kubelet.extraConfig.registerWithTaints[].key",
  "KubeletConfig: extraConfig.registerWithTaints[].key",
];

interface Pattern {
  readonly kind: string;
  readonly steps: readonly string[];
}
const patternOf = (text: string): Pattern => {
  const [kind = "", path = ""] = text.split(": ");
  return { kind, steps: path.replaceAll("[]", ".[]").split(".") };
};
const secretPatterns = secretPaths.map(patternOf);
const publicPatterns = publicPaths.map(patternOf);

/**
 * Whether a value of a machine configuration must not be shown: by its path, or because its key or
 * itself looks like a secret.
 * @param steps Keys, and "[0]" or "[eth0]" for an item of a list
 */
export function isSecretValue(
  kind: string,
  steps: readonly string[],
  value: ConfigurationValue | undefined,
): boolean {
  if (publicPatterns.some((pattern) => isBelow(pattern, kind, steps))) return false;
  return (
    secretPatterns.some((pattern) => isBelow(pattern, kind, steps)) ||
    steps.some((step) => !isItem(step) && isSecretName(step)) ||
    (typeof value === "string" && isSecretText(value))
  );
}

export function isItem(step: string): boolean {
  return step.startsWith("[");
}

function isBelow(pattern: Pattern, kind: string, steps: readonly string[]): boolean {
  if (pattern.kind !== "*" && pattern.kind !== kind) return false;
  return pattern.steps.every((expected, index) => {
    const step = steps[index];
    if (step === undefined) return false;
    if (expected === "[]") return isItem(step);
    return expected === "*" ? !isItem(step) : expected === step;
  });
}
