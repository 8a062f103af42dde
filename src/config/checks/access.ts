import { merge } from "fast-cidr-tools";
import { Cidr } from "../../../constructs/model/cidr";
import type { InputPath, Report } from "../../../constructs/model/report";

/** More than this many addresses are no longer a set of administrators: a /8. */
const mostAdminAddresses = 2 ** 24;

/** More are slow to merge and to apply: the clouds' security groups and access lists hold about a hundred. */
const mostAdminNetworks = 100;

/** No host has an address of these: "this network", multicast, reserved, broadcast (RFC 6890). */
const impossible = ["0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4"];

/** Nothing reaches a public address from these: private, shared, loopback and link-local (RFC 6890). */
const unreachable = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

/**
 * The admin networks: each a network, merged, sorted, without duplicates, so that the same set gives
 * the same plan however it was written.
 */
export function checkAdminNetworks(
  given: string | readonly string[],
  allowOpen: boolean,
  report: Report,
): readonly Cidr[] {
  const path: InputPath = ["admin_ip"];
  const strings = typeof given === "string" ? [given] : given;
  if (strings.length > mostAdminNetworks) {
    report.error(
      path,
      `${strings.length} entries; at most ${mostAdminNetworks} are allowed. Name larger networks, or ` +
        "the addresses of a VPN.",
    );
    return [];
  }
  const networks = strings.flatMap((text, index) => {
    const at = typeof given === "string" ? path : [...path, index];
    const network = Cidr.parse(text.trim());
    if (network === undefined) {
      report.error(
        at,
        text.includes(":")
          ? "An IPv6 address; load balancer and bastion have IPv4 addresses only."
          : notANetwork(text),
      );
      return [];
    }
    if (isWithin(impossible, network)) {
      report.error(at, "No host has this address: it is reserved, multicast or broadcast.");
      return [];
    }
    if (isWithin(unreachable, network)) {
      report.warn(
        at,
        "A private address: over the internet you come from another one, and would be shut out.",
      );
    }
    return [network];
  });

  const merged = merge(networks.map((network) => network.toString()))
    .map((text) => Cidr.parse(text))
    .filter((network) => network !== undefined);
  const covered = merged.reduce((sum, network) => sum + network.size, 0);
  if (covered > mostAdminAddresses && !allowOpen) {
    report.error(
      path,
      "This lets in more than a /8 of the internet. Name the networks you administer from, " +
        "or set allow_open_admin = true.",
    );
  }
  return merged;
}

function isWithin(ranges: readonly string[], network: Cidr): boolean {
  return ranges.some((range) => Cidr.parse(range)?.contains(network) === true);
}

function notANetwork(text: string): string {
  return /\d[,;\s]+\d/.test(text.trim())
    ? 'Several are a list: ["203.0.113.7", "203.0.113.0/24"].'
    : 'An IPv4 address or network, such as "203.0.113.7" or "203.0.113.0/24".';
}
