/** IPv4 arithmetic, and which address is handed out next. */
import { randomBytes } from "node:crypto";
import { isIPv4 } from "node:net";

export interface Subnet {
  readonly first: number;
  readonly prefix: number;
  readonly size: number;
}

export function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** Host bits are masked off. Undefined unless it is IPv4 in CIDR notation. */
export function parseSubnet(cidr: string): Subnet | undefined {
  const [address, length, ...rest] = cidr.split("/");
  const prefix = Number(length);
  if (!address || !length || rest.length > 0 || !isIPv4(address)) return undefined;
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { first: Math.floor(toNumber(address) / size) * size, prefix, size };
}

export function toCidr(subnet: Subnet): string {
  return `${toAddress(subnet.first)}/${subnet.prefix}`;
}

export function maskOf(subnet: Subnet): string {
  return toAddress(2 ** 32 - subnet.size);
}

export function contains(subnet: Subnet, address: string): boolean {
  const number = toNumber(address);
  return isIPv4(address) && number >= subnet.first && number < subnet.first + subnet.size;
}

export function overlap(a: Subnet, b: Subnet): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** Never handed out: the network's address, the router's, the broadcast's. */
export function isReserved(subnet: Subnet, address: string): boolean {
  return [0, 1, subnet.size - 1].includes(toNumber(address) - subnet.first);
}

/** The first free /22 of the range that the API gives from. */
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

/** Ranges for documentation (RFC 5737), which no machine has. */
const PUBLIC_RANGES = ["192.0.2.0/24", "198.51.100.0/24"].flatMap(
  (cidr) => parseSubnet(cidr) ?? [],
);

const PUBLIC_ADDRESSES = PUBLIC_RANGES.flatMap((range) =>
  // Without the network's, the router's and the broadcast's.
  Array.from({ length: range.size - 3 }, (_, index) =>
    toAddress(range.first + range.size - 2 - index),
  ),
);

/**
 * From the top down, beginning after the one handed out last, so that an
 * address which was just released does not come back at once.
 */
export function nextPublicAddress(
  taken: ReadonlySet<string>,
  last: string | undefined,
): string | undefined {
  const start = last === undefined ? 0 : PUBLIC_ADDRESSES.indexOf(last) + 1;
  const order = [...PUBLIC_ADDRESSES.slice(start), ...PUBLIC_ADDRESSES.slice(0, start)];
  return order.find((address) => !taken.has(address));
}

/** A private NIC's: assigned by the API, in lower case. */
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
