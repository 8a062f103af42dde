import type { MachineConfiguration } from "../../talos/configuration/machine-configuration";
import type { TalosNode } from "../../talos/nodes/node";
import { LOOPBACK } from "../network/loopback";

type Flags = Readonly<Record<string, string>>;

/** Flags whose values in the configuration are added to the default ones, not set in their place. */
const ADDED = ["enable-admission-plugins", "feature-gates", "authorization-mode", "controllers"];

/**
 * What belongs to the place where a program runs here. Talos refuses most of these in a
 * configuration, too.
 */
const OWN =
  /^(etcd-.*|egress-selector-config-file|client-ca-file|requestheader-client-ca-file|proxy-client-.*|encryption-provider-config|kubelet-client-.*|service-account-(signing-|private-)?key-file|tls-(cert|private-key)-file|authorization-config|bind-address|secure-port|audit-log-path|(.*-)?kubeconfig|cluster-signing-.*|root-ca-file|config)$/;

/** The API server's, as Talos renders them; file names are relative to its working directory. */
export function apiServerFlags(
  node: TalosNode,
  configuration: MachineConfiguration,
  ports: { readonly own: number; readonly etcd: number },
): string[] {
  const { endpoint, serviceSubnets } = configuration;
  const { extraArgs } = configuration.component("apiServer");
  const setsModes = Object.keys(extraArgs).some((name) => name.startsWith("authorization-"));
  return render(
    {
      "admission-control-config-file": "admission-control-config.yaml",
      "advertise-address": node.address,
      "allow-privileged": "true",
      "anonymous-auth": "false",
      "api-audiences": endpoint,
      "bind-address": LOOPBACK,
      "client-ca-file": "ca.crt",
      "enable-admission-plugins": "NodeRestriction",
      "requestheader-client-ca-file": "aggregator-ca.crt",
      "requestheader-allowed-names": "front-proxy-client",
      "requestheader-extra-headers-prefix": "X-Remote-Extra-",
      "requestheader-group-headers": "X-Remote-Group",
      "requestheader-username-headers": "X-Remote-User",
      "proxy-client-cert-file": "front-proxy-client.crt",
      "proxy-client-key-file": "front-proxy-client.key",
      "enable-bootstrap-token-auth": "true",
      "tls-min-version": "VersionTLS12",
      "encryption-provider-config": "encryptionconfig.yaml",
      "audit-policy-file": "auditpolicy.yaml",
      "audit-log-path": "audit.log",
      "audit-log-maxbackup": "1",
      "audit-log-maxsize": "10",
      profiling: "false",
      "egress-selector-config-file": "egress-selector.yaml",
      "etcd-cafile": "etcd-client-ca.crt",
      "etcd-certfile": "etcd-client.crt",
      "etcd-keyfile": "etcd-client.key",
      "etcd-servers": `https://${LOOPBACK}:${ports.etcd}`,
      "kubelet-client-certificate": "apiserver-kubelet-client.crt",
      "kubelet-client-key": "apiserver-kubelet-client.key",
      "kubelet-preferred-address-types": "InternalIP,ExternalIP,Hostname",
      "secure-port": String(ports.own),
      "service-account-issuer": endpoint,
      "service-account-key-file": "service-account.pub",
      "service-account-signing-key-file": "service-account.key",
      "service-cluster-ip-range": serviceSubnets.join(),
      "tls-cert-file": "apiserver.crt",
      "tls-private-key-file": "apiserver.key",
      ...(setsModes
        ? { "authorization-mode": "Node,RBAC" }
        : { "authorization-config": "authorization-config.yaml" }),
    },
    extraArgs,
  );
}

/** @param heartbeat Milliseconds between kubelets' heartbeats: what waits for them is in proportion. */
export function controllerManagerFlags(
  configuration: MachineConfiguration,
  port: number,
  heartbeat: number,
): string[] {
  const { podSubnets, serviceSubnets } = configuration;
  return render(
    {
      "use-service-account-credentials": "true",
      "allocate-node-cidrs": "true",
      "bind-address": LOOPBACK,
      "secure-port": String(port),
      "cluster-cidr": podSubnets.join(),
      "service-cluster-ip-range": serviceSubnets.join(),
      "cluster-signing-cert-file": "issuing-ca.crt",
      "cluster-signing-key-file": "issuing-ca.key",
      controllers: "*,tokencleaner",
      "configure-cloud-routes": "false",
      kubeconfig: "controller-manager.kubeconfig",
      "authentication-kubeconfig": "controller-manager.kubeconfig",
      "authorization-kubeconfig": "controller-manager.kubeconfig",
      "leader-elect": "true",
      "node-monitor-grace-period": `${heartbeat * 5}ms`,
      "node-monitor-period": `${heartbeat / 2}ms`,
      "root-ca-file": "issuing-ca.crt",
      "service-account-private-key-file": "service-account.key",
      profiling: "false",
      "tls-min-version": "VersionTLS13",
    },
    configuration.component("controllerManager").extraArgs,
  );
}

export function schedulerFlags(configuration: MachineConfiguration, port: number): string[] {
  return render(
    {
      config: "scheduler.yaml",
      "authentication-tolerate-lookup-failure": "false",
      "authentication-kubeconfig": "scheduler.kubeconfig",
      "authorization-kubeconfig": "scheduler.kubeconfig",
      "bind-address": LOOPBACK,
      "secure-port": String(port),
      "leader-elect": "true",
      profiling: "false",
      "tls-min-version": "VersionTLS13",
    },
    configuration.component("scheduler").extraArgs,
  );
}

function render(flags: Flags, extra: Readonly<Record<string, readonly string[]>>): string[] {
  const merged = new Map<string, readonly string[]>(
    Object.entries(flags).map(([name, value]) => [name, [value]]),
  );
  for (const [name, values] of Object.entries(extra)) {
    if (OWN.test(name)) continue;
    const isAdded = ADDED.includes(name);
    merged.set(name, isAdded ? [[...(merged.get(name) ?? []), ...values].join()] : values);
  }
  return [...merged].flatMap(([name, values]) => values.map((value) => `--${name}=${value}`));
}
