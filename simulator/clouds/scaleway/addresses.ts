/** Addresses and MAC addresses that Scaleway's private networks assign. */
import { randomBytes } from "node:crypto";
import { overlap, toAddress, toCidr, toNumber, type Subnet } from "../addresses";

/** Never assigned: the network's address, the router's, the broadcast's. */
export function isReserved(subnet: Subnet, address: string): boolean {
  return [0, 1, subnet.size - 1].includes(toNumber(address) - subnet.first);
}

/** The first free /22 of the range from which the API assigns. */
export function nextSubnet(used: readonly Subnet[]): string {
  const range = { first: toNumber("172.16.0.0"), prefix: 12, size: 2 ** 20 };
  for (let first = range.first; first < range.first + range.size; first += 1024) {
    const subnet = { first, prefix: 22, size: 1024 };
    if (!used.some((other) => overlap(subnet, other))) return toCidr(subnet);
  }
  throw new RangeError("No /22 is left in 172.16.0.0/12");
}

/** The lowest free one from .2 up, as recorded; undefined when the subnet is full. */
export function nextPrivateAddress(subnet: Subnet, taken: ReadonlySet<string>): string | undefined {
  for (let offset = 2; offset < subnet.size - 1; offset++) {
    const address = toAddress(subnet.first + offset);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** Of a private NIC: assigned by the API, in lower case. */
export function randomMac(): string {
  return ["02", "00", "00", ...hexBytes(3)].join(":");
}

/** A /64 that no other private network has. */
export function randomIpv6Subnet(): string {
  const bytes = hexBytes(7);
  return `fd${bytes[0]}:${bytes[1]}${bytes[2]}:${bytes[3]}${bytes[4]}:${bytes[5]}${bytes[6]}::/64`;
}

export function randomIpv6In(subnet: string): string {
  const bytes = hexBytes(8);
  const groups = [0, 2, 4, 6].map((index) => `${bytes[index]}${bytes[index + 1]}`);
  return `${subnet.replace(/::\/64$/, "")}:${groups.map((group) => group.replace(/^0+(?=.)/, "")).join(":")}`;
}

function hexBytes(count: number): string[] {
  return [...randomBytes(count)].map((byte) => byte.toString(16).padStart(2, "0"));
}
