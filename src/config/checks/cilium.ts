import type { CniPort } from "../../../constructs/model/cni";
import {
  ciliumGenevePort,
  ciliumHealthPort,
  ciliumHubblePort,
  ciliumVxlanPort,
  ciliumWireguardPort,
} from "../../../constructs/model/ports";
import type { InputPath, Report } from "../../../constructs/model/report";
import { isRecord, type ManifestObject } from "./manifests";

const vxlan: CniPort = { name: "cilium-vxlan", protocol: "udp", port: ciliumVxlanPort };
const geneve: CniPort = { name: "cilium-geneve", protocol: "udp", port: ciliumGenevePort };
const wireguard: CniPort = { name: "cilium-wireguard", protocol: "udp", port: ciliumWireguardPort };
const health: CniPort = { name: "cilium-health", protocol: "tcp", port: ciliumHealthPort };
const hubble: CniPort = {
  name: "cilium-hubble",
  protocol: "tcp",
  port: ciliumHubblePort,
  fromPods: true,
};

/** A rendered Cilium's own settings, by key. */
type Settings = Readonly<Record<string, unknown>>;

/**
 * The ports that a rendered Cilium needs between nodes, by its settings. Settings with which it
 * would not run on Talos are reported, each with the value for `helm template`.
 * @param objects Without them, what Cilium may need in any mode with a tunnel of VXLAN
 * @returns undefined after a report
 */
export function ciliumPorts(): readonly CniPort[];
export function ciliumPorts(
  objects: readonly ManifestObject[],
  at: InputPath,
  report: Report,
): readonly CniPort[] | undefined;
export function ciliumPorts(
  objects?: readonly ManifestObject[],
  at: InputPath = [],
  report?: Report,
): readonly CniPort[] | undefined {
  if (objects === undefined || report === undefined) return [vxlan, health, wireguard, hubble];
  const settings = dataOf(objects);
  if (settings === undefined) {
    report.error(
      at,
      "No ConfigMap cilium-config is in it: this is not the output of `helm template` of Cilium's chart.",
    );
    return undefined;
  }
  const problems = [...unsupported(settings), ...missing(settings, objects)];
  for (const problem of problems) report.error(at, problem);
  if (problems.length > 0) return undefined;
  const tunnel = settings["tunnel-protocol"] === "geneve" ? geneve : vxlan;
  return [
    { ...tunnel, port: portOf(settings["tunnel-port"], tunnel.port) },
    { ...health, port: portOf(settings["cluster-health-port"], health.port) },
    ...(isOn(settings["enable-wireguard"]) ? [wireguard] : []),
    ...(isOn(settings["enable-hubble"])
      ? [{ ...hubble, port: portOf(settings["hubble-listen-address"], hubble.port) }]
      : []),
  ];
}

function dataOf(objects: readonly ManifestObject[]): Settings | undefined {
  const config = objects.find(({ kind, name }) => kind === "ConfigMap" && name === "cilium-config");
  const data = config?.content["data"];
  return isRecord(data) ? data : undefined;
}

function isOn(value: unknown): boolean {
  return value === "true" || value === true;
}

/** "8472", or ":4244". */
function portOf(value: unknown, absent: number): number {
  const port = Number(typeof value === "string" ? value.replace(/^.*:/, "") : value);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : absent;
}

function unsupported(settings: Settings): string[] {
  return [
    ...(settings["routing-mode"] === "native"
      ? [
          "Cilium routes natively, and no cloud's network knows the pods' addresses. Render it with --set routingMode=tunnel.",
        ]
      : []),
    ...(isOn(settings["enable-ipsec"])
      ? [
          "Cilium encrypts with IPsec, which the nodes' firewall has no rule for. Render it with --set encryption.type=wireguard.",
        ]
      : []),
  ];
}

/** What Talos needs, as the setting of the chart that is missing. */
function missing(settings: Settings, objects: readonly ManifestObject[]): string[] {
  const agent = agentOf(objects);
  const replaces = isOn(settings["kube-proxy-replacement"]);
  const needs: readonly [isMet: boolean, setting: string, why: string][] = [
    [settings["ipam"] === "kubernetes", "ipam.mode=kubernetes", "pod_cidr would not apply"],
    [replaces, "kubeProxyReplacement=true", "kube-proxy is off"],
    [
      agent?.host === "localhost" && agent.port === "7445",
      "k8sServiceHost=localhost --set k8sServicePort=7445",
      "without kube-proxy it reaches the API through Talos's KubePrism",
    ],
    [
      settings["cgroup-root"] === "/sys/fs/cgroup",
      "cgroup.autoMount.enabled=false --set cgroup.hostRoot=/sys/fs/cgroup",
      "Talos has mounted it there",
    ],
    [
      agent?.loadsModules === false,
      "securityContext.capabilities.ciliumAgent={CHOWN,KILL,NET_ADMIN,NET_RAW,IPC_LOCK,SYS_ADMIN,SYS_RESOURCE,DAC_OVERRIDE,FOWNER,SETGID,SETUID}",
      "Talos lets no pod load kernel modules (SYS_MODULE)",
    ],
  ];
  return needs.flatMap(([isMet, setting, why]) =>
    isMet ? [] : [`Cilium needs --set ${setting} on Talos: ${why}.`],
  );
}

interface Agent {
  readonly host: unknown;
  readonly port: unknown;
  readonly loadsModules: boolean;
}

/** The agent's container, by what it is given. */
function agentOf(objects: readonly ManifestObject[]): Agent | undefined {
  const daemons = objects.find(({ kind, name }) => kind === "DaemonSet" && name === "cilium");
  const spec = within(daemons?.content, "spec", "template", "spec");
  const container = listOf(spec?.["containers"]).find(({ name }) => name === "cilium-agent");
  if (container === undefined) return undefined;
  const environment = listOf(container["env"]);
  const valueOf = (key: string) => environment.find(({ name }) => name === key)?.["value"];
  const capabilities = within(container, "securityContext", "capabilities")?.["add"];
  return {
    host: valueOf("KUBERNETES_SERVICE_HOST"),
    port: valueOf("KUBERNETES_SERVICE_PORT"),
    loadsModules: Array.isArray(capabilities) && capabilities.includes("SYS_MODULE"),
  };
}

function within(
  value: unknown,
  ...keys: readonly string[]
): Readonly<Record<string, unknown>> | undefined {
  const found = keys.reduce<unknown>(
    (part, key) => (isRecord(part) ? part[key] : undefined),
    value,
  );
  return isRecord(found) ? found : undefined;
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
