import { Cidr } from "../../../constructs/model/cidr";
import { talosNetwork } from "../../../constructs/model/cluster-network";
import type { Report } from "../../../constructs/model/report";

/** Wider than a /16, no cloud accepts it; narrower than a /22, the quarters of the address plan are too small. */
export const prefixLengths = { widest: 16, narrowest: 22 };

/** The private network, checked; undefined after a report. */
export function checkNetwork(
  text: string,
  others: Readonly<Record<string, unknown>>,
  report: Report,
): Cidr | undefined {
  const path = ["network_cidr"];
  const network = Cidr.parse(text);
  if (network === undefined || !text.includes("/")) {
    report.error(path, 'An IPv4 network, such as "172.16.4.0/22".');
    return undefined;
  }
  if (Cidr.hadHostBits(text)) {
    report.error(path, `The network's own address is ${network.toString()}.`);
  }
  const { widest, narrowest } = prefixLengths;
  if (network.prefixLength < widest || network.prefixLength > narrowest) {
    report.error(path, `Allowed: /${widest} to /${narrowest}.`);
    return undefined;
  }
  if (!network.isPrivate) {
    report.error(path, "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.");
  }
  // An overlap with a network that was chosen is reported there.
  for (const [variable, name, own] of [
    ["pod_cidr", "pods", talosNetwork.pods],
    ["service_cidr", "services", talosNetwork.services],
  ] as const) {
    if (others[variable] === own && Cidr.parse(own)?.overlaps(network) === true) {
      report.error(
        path,
        `Overlaps ${own}, where the cluster's ${name} have their addresses. Change it, or ${variable}.`,
      );
    }
  }
  return network;
}
