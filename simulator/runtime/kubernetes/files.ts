import { createPrivateKey, createPublicKey } from "node:crypto";
import { stringify } from "yaml";
import { issueCertificate, type KeyAndCertificate } from "../../pki/certificates";
import { at, listAt, stringAt } from "../../talos/configuration/access";
import { isMapping, kindOf, MAIN, type Mapping } from "../../talos/configuration/documents";
import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import type { TalosNode } from "../../talos/nodes/node";
import type { EtcdCertificates } from "../etcd/certificates";

/** Milliseconds: a year, as Talos's certificates of Kubernetes. */
const LIFETIME = 365 * 24 * 3_600_000;

export interface ControlPlaneFiles {
  /** By name, as Talos renders them for its static pods. */
  readonly files: Readonly<Record<string, string>>;
  /** The API server's own certificate. */
  readonly server: KeyAndCertificate;
  /** A client that the API server takes for a cluster administrator. */
  readonly administrator: KeyAndCertificate;
}

export async function controlPlaneFiles(
  node: TalosNode,
  configuration: MachineConfiguration,
  etcd: EtcdCertificates,
): Promise<ControlPlaneFiles> {
  const authority = configuration.kubernetesAuthority;
  const lifetime = { from: new Date(), to: new Date(Date.now() + LIFETIME) };
  const client = (issuer: KeyAndCertificate, subject: string) =>
    issueCertificate(issuer, { subject, lifetime, usages: ["client"] });
  const [server, administrator, frontProxy, controllerManager, scheduler] = await Promise.all([
    issueCertificate(authority, {
      subject: "O=kube-master, CN=kube-apiserver",
      lifetime,
      usages: ["server"],
      names: serverNames(node, configuration),
    }),
    client(authority, "O=system:masters, CN=apiserver-kubelet-client"),
    client(configuration.aggregatorAuthority, "CN=front-proxy-client"),
    client(authority, "O=system:kube-controller-manager, CN=system:kube-controller-manager"),
    client(authority, "O=system:kube-scheduler, CN=system:kube-scheduler"),
  ]);
  const main = mainOf(configuration);
  return {
    administrator,
    server,
    files: {
      "ca.crt": configuration.kubernetesAuthorities.join("\n"),
      "issuing-ca.crt": authority.certificate,
      "issuing-ca.key": authority.key,
      "etcd-client-ca.crt": configuration.etcdAuthority.certificate,
      "etcd-client.crt": etcd.apiServer.certificate,
      "etcd-client.key": etcd.apiServer.key,
      "apiserver.crt": server.certificate,
      "apiserver.key": server.key,
      "apiserver-kubelet-client.crt": administrator.certificate,
      "apiserver-kubelet-client.key": administrator.key,
      "aggregator-ca.crt": configuration.aggregatorAuthority.certificate,
      "front-proxy-client.crt": frontProxy.certificate,
      "front-proxy-client.key": frontProxy.key,
      "service-account.key": configuration.serviceAccountKey,
      "service-account.pub": publicKeyOf(configuration.serviceAccountKey),
      "encryptionconfig.yaml": stringify(encryption(main)),
      "admission-control-config.yaml": stringify(admission(main)),
      "auditpolicy.yaml": stringify(auditPolicy(main)),
      "authorization-config.yaml": stringify(authorization(main)),
      "controller-manager.crt": controllerManager.certificate,
      "controller-manager.key": controllerManager.key,
      "scheduler.crt": scheduler.certificate,
      "scheduler.key": scheduler.key,
    },
  };
}

/** A kubeconfig of a program beside the API server: certificate and key have the program's name. */
export function programKubeconfig(program: string, port: number): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "local",
        cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority": "ca.crt" },
      },
    ],
    users: [
      {
        name: program,
        user: { "client-certificate": `${program}.crt`, "client-key": `${program}.key` },
      },
    ],
    contexts: [{ name: program, context: { cluster: "local", user: program } }],
    "current-context": program,
  });
}

/** Leads the API server's connections into the cluster to the simulator. */
export function egressSelector(port: number): string {
  const tlsConfig = {
    caBundle: "ca.crt",
    clientCert: "apiserver-kubelet-client.crt",
    clientKey: "apiserver-kubelet-client.key",
  };
  const tcp = { url: `https://127.0.0.1:${port}`, tlsConfig };
  return stringify({
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [
      { name: "cluster", connection: { proxyProtocol: "HTTPConnect", transport: { tcp } } },
    ],
  });
}

/** The configuration's own, with the kubeconfig. */
export function schedulerConfiguration(configuration: MachineConfiguration): string {
  const own = at(mainOf(configuration), "cluster", "scheduler", "config");
  return stringify({
    ...(isMapping(own) ? own : {}),
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    clientConnection: { kubeconfig: "scheduler.kubeconfig" },
  });
}

function mainOf({ documents }: MachineConfiguration): Mapping {
  return documents.find((document) => kindOf(document) === MAIN) ?? {};
}

function publicKeyOf(key: string): string {
  const publicKey = createPublicKey(createPrivateKey(key));
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

function serverNames(node: TalosNode, configuration: MachineConfiguration): string[] {
  const names = [
    new URL(configuration.endpoint).hostname.replace(/^\[(.*)\]$/, "$1"),
    ...configuration.apiServerNames,
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    `kubernetes.default.svc.${configuration.clusterDomain}`,
    "localhost",
    node.hostname,
    ...configuration.serviceSubnets.flatMap(firstAddress),
    node.address,
    "127.0.0.1",
  ];
  return [...new Set(names)];
}

/** The address of the service "kubernetes"; for IPv4. */
function firstAddress(range: string): string[] {
  const [network = ""] = range.split("/");
  const [a, b, c, d] = network.split(".").map(Number);
  return d === undefined ? [] : [[a, b, c, d + 1].join(".")];
}

function encryption(main: Mapping) {
  const keys = [
    ["secretbox", "key2", stringAt(main, "cluster", "secretboxEncryptionSecret")],
    ["aescbc", "key1", stringAt(main, "cluster", "aescbcEncryptionSecret")],
  ] as const;
  const providers = keys
    .filter(([, , secret]) => secret !== "")
    .map(([provider, name, secret]) => ({ [provider]: { keys: [{ name, secret }] } }));
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [{ resources: ["secrets"], providers: [...providers, { identity: {} }] }],
  };
}

function admission(main: Mapping) {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: listAt(main, "cluster", "apiServer", "admissionControl"),
  };
}

function auditPolicy(main: Mapping) {
  return (
    at(main, "cluster", "apiServer", "auditPolicy") ?? {
      apiVersion: "audit.k8s.io/v1",
      kind: "Policy",
      rules: [{ level: "Metadata" }],
    }
  );
}

/** Node and RBAC are always there. */
function authorization(main: Mapping) {
  const own = listAt(main, "cluster", "apiServer", "authorizationConfig").filter(isMapping);
  const missing = [
    { type: "Node", name: "node" },
    { type: "RBAC", name: "rbac" },
  ].filter(({ type }) => !own.some((one) => one.type === type));
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthorizationConfiguration",
    authorizers: [...missing, ...own],
  };
}
