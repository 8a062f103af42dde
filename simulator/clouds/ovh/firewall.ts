/** What the security groups of a port let in. */
import { contains, parseSubnet } from "../addresses";
import type { Account } from "./account";
import type { Port, SecurityRule } from "./objects";
import { defaultGroup } from "./security-group";

/** The port that has an address, on the same network as another port. */
export function portAt(account: Account, network: string, address: string): Port | undefined {
  return account.ports.all().find((port) => port.network === network && hasAddress(port, address));
}

function hasAddress({ fixedIps }: Port, address: string): boolean {
  return fixedIps.some((ip) => ip.address === address);
}

/**
 * Why a connection between two addresses of a private network does not arrive. Undefined when it
 * does, and when no machine has such an address.
 */
export function dropReason(
  account: Account,
  source: string,
  address: string,
  tcpPort: number,
): string | undefined {
  const target = account.ports
    .all()
    .find((port) => port.deviceOwner.startsWith("compute:") && hasAddress(port, address));
  const from = target && portAt(account, target.network, source);
  if (target === undefined || from === undefined || from.id === target.id) return undefined;
  if (letsIn(account, target, tcpPort, from)) return undefined;
  const name = account.servers.get(target.deviceId)?.name ?? address;
  return `no security group of ${name} lets ${source} in on tcp/${tcpPort}`;
}

/** Whether a port accepts a TCP connection from another port of its network. */
export function letsIn(account: Account, port: Port, tcpPort: number, source: Port): boolean {
  if (!port.portSecurity) return true;
  // On OVHcloud the project's default group is open.
  if (port.securityGroups.includes(defaultGroup(port.region))) return true;
  return account.securityRules
    .all()
    .some((rule) => port.securityGroups.includes(rule.group) && admits(rule, tcpPort, source));
}

function admits(rule: SecurityRule, tcpPort: number, source: Port): boolean {
  const isTcp = ["", "tcp", "6"].includes(rule.protocol);
  const hasPorts = rule.portMin !== 0 || rule.portMax !== 0;
  const isPort = !hasPorts || (rule.portMin <= tcpPort && tcpPort <= rule.portMax);
  const range = parseSubnet(rule.remotePrefix);
  const isSource =
    (rule.remotePrefix === "" ||
      (range !== undefined && source.fixedIps.some(({ address }) => contains(range, address)))) &&
    (rule.remoteGroup === "" || source.securityGroups.includes(rule.remoteGroup)) &&
    rule.remoteAddressGroup === "";
  return rule.direction === "ingress" && rule.ethertype === "IPv4" && isTcp && isPort && isSource;
}
