import { Cidr } from "../../../constructs/model/cidr";
import {
  mostNodesOf,
  nodePodPrefix,
  talosNetwork,
} from "../../../constructs/model/cluster-network";
import type { Report } from "../../../constructs/model/report";

/** Kubernetes's limits: 16 bits of nodes, 20 bits of services; and a network of at least one node. */
export const podPrefixLengths = { widest: 8, narrowest: nodePodPrefix };
export const servicePrefixLengths = { widest: 12, narrowest: 24 };

type Others = Readonly<Record<string, unknown>>;

/** The pods' network, checked against the services' and the private one; undefined after a report. */
export function checkPodNetwork(text: string, others: Others, report: Report): Cidr | undefined {
  const network = innerNetwork("pod_cidr", text, podPrefixLengths, report);
  if (network !== undefined && text !== talosNetwork.pods) {
    reportOverlap("pod_cidr", network, ["network_cidr", "service_cidr"], others, report);
  }
  return network;
}

/** The services' network, checked likewise; an overlap of two chosen ones is the pods'. */
export function checkServiceNetwork(
  text: string,
  others: Others,
  report: Report,
): Cidr | undefined {
  const network = innerNetwork("service_cidr", text, servicePrefixLengths, report);
  if (network !== undefined && text !== talosNetwork.services) {
    const isPodsChosen = others["pod_cidr"] !== talosNetwork.pods;
    const names = ["network_cidr", ...(isPodsChosen ? [] : ["pod_cidr"])];
    reportOverlap("service_cidr", network, names, others, report);
  }
  return network;
}

function innerNetwork(
  name: string,
  text: string,
  { widest, narrowest }: { readonly widest: number; readonly narrowest: number },
  report: Report,
): Cidr | undefined {
  const network = Cidr.parse(text);
  if (network === undefined || !text.includes("/")) {
    report.error([name], 'An IPv4 network, such as "10.128.0.0/16".');
    return undefined;
  }
  if (Cidr.hadHostBits(text)) {
    report.error([name], `The network's own address is ${network.toString()}.`);
  }
  if (network.prefixLength < widest || network.prefixLength > narrowest) {
    report.error([name], `Allowed: /${widest} to /${narrowest}.`);
    return undefined;
  }
  if (!network.isPrivate) {
    report.error([name], "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.");
  }
  return network;
}

function reportOverlap(
  name: string,
  network: Cidr,
  names: readonly string[],
  others: Others,
  report: Report,
): void {
  for (const other of names) {
    const range = others[other];
    if (typeof range === "string" && Cidr.parse(range)?.overlaps(network) === true) {
      report.error(
        [name],
        `${network.toString()} overlaps ${other}, ${range}. Change one of them.`,
      );
    }
  }
}

/** Every node needs a part of the pods' network: one without it never becomes ready. */
export function checkPodRoom(pods: Cidr | undefined, nodes: number, report: Report): void {
  if (pods === undefined) return;
  const most = mostNodesOf(pods);
  if (nodes <= most) return;
  report.error(
    ["pod_cidr"],
    `${pods.toString()} has room for ${most} nodes, each with a /${nodePodPrefix} of it; this cluster has ${nodes}. ` +
      "Take a wider one.",
  );
}

const domainForm = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
/** So that a name in it, of two labels and "svc", fits in DNS. */
const longestDomain = 253 - 2 * 64 - "svc.".length;

/** What the names of services end with, checked; undefined after a report. */
export function checkClusterDomain(
  text: string,
  others: Others,
  report: Report,
): string | undefined {
  const path = ["cluster_domain"];
  if (!domainForm.test(text) || text.split(".").some(({ length }) => length > 63)) {
    report.error(path, 'A DNS name in small letters, such as "cluster.local".');
    return undefined;
  }
  if (text.length > longestDomain) {
    report.error(path, `At most ${longestDomain} characters: names of services are longer.`);
    return undefined;
  }
  const endpoint = endpointHost(others["cluster_endpoint"]);
  if (endpoint === text || endpoint.endsWith(`.${text}`)) {
    report.error(
      path,
      `cluster_endpoint, ${endpoint}, would be a name in it: the cluster answers for all of them, and has none of this one. Take another domain.`,
    );
    return undefined;
  }
  return text;
}

function endpointHost(value: unknown): string {
  if (typeof value !== "string") return "";
  return value
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, "")
    .replace(/[:/].*$/, "");
}
