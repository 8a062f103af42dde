import {
  configurationDocuments,
  type ConfigurationValue,
  isMap,
  mainKind,
} from "./configuration-documents";

/** A value of the cluster's PKI and tokens. */
export interface ClusterSecret {
  /** "the CA of Talos's API: certificate" */
  readonly title: string;
  /** Where `talos_machine_secrets.machine_secrets` has it: ["certs", "os", "cert"]. */
  readonly place: readonly string[];
  /** As the machine configuration has it: base64, or a token. */
  readonly value: string;
}

/** By the path in a control plane's machine configuration. */
const places: Readonly<Record<string, readonly [title: string, place: string]>> = {
  "machine.ca.crt": ["the CA of Talos's API: certificate", "certs.os.cert"],
  "machine.ca.key": ["the CA of Talos's API: key", "certs.os.key"],
  "machine.token": ["the token of machines", "trustdinfo.token"],
  "cluster.ca.crt": ["the CA of Kubernetes: certificate", "certs.k8s.cert"],
  "cluster.ca.key": ["the CA of Kubernetes: key", "certs.k8s.key"],
  "cluster.aggregatorCA.crt": ["the aggregator's CA: certificate", "certs.k8s_aggregator.cert"],
  "cluster.aggregatorCA.key": ["the aggregator's CA: key", "certs.k8s_aggregator.key"],
  "cluster.etcd.ca.crt": ["the CA of etcd: certificate", "certs.etcd.cert"],
  "cluster.etcd.ca.key": ["the CA of etcd: key", "certs.etcd.key"],
  "cluster.serviceAccount.key": ["the key of service accounts", "certs.k8s_serviceaccount.key"],
  "cluster.secretboxEncryptionSecret": [
    "the key of Secrets in etcd",
    "secrets.secretbox_encryption_secret",
  ],
  "cluster.token": ["the bootstrap token", "secrets.bootstrap_token"],
};

/**
 * The secrets in a control plane's machine configuration. The cluster's id and its secret, from which the
 * keys of disks may be derived, are not among them: they stay for a cluster's life.
 * @throws UnreadableConfiguration
 */
export function clusterSecrets(configuration: string): ClusterSecret[] {
  const main = mainOf(configuration);
  return Object.entries(places).flatMap(([path, [title, place]]) => {
    const value = valueAt(main, path);
    return value === undefined ? [] : [{ title, place: place.split("."), value }];
  });
}

/** The id of its cluster; undefined where it has none. @throws UnreadableConfiguration */
export function clusterIdOf(configuration: string): string | undefined {
  return valueAt(mainOf(configuration), "cluster.id");
}

/** Whether a rotation is under way: a CA is accepted that is not the issuing one. @throws UnreadableConfiguration */
export function isRotating(configuration: string): boolean {
  const main = mainOf(configuration);
  return ["machine", "cluster"].some((part) => {
    const section = main === undefined || !isMap(main) ? undefined : main[part];
    // An empty list is left out of the documents.
    return isMap(section) && section["acceptedCAs"] !== undefined;
  });
}

function mainOf(configuration: string): ConfigurationValue | undefined {
  return [...configurationDocuments(configuration).values()].find(({ kind }) => kind === mainKind)
    ?.content;
}

function valueAt(main: ConfigurationValue | undefined, path: string): string | undefined {
  let value = main;
  for (const step of path.split(".")) value = isMap(value) ? value[step] : undefined;
  return typeof value === "string" ? value : undefined;
}
