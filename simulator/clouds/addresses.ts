/** IPv4 arithmetic, and the next public address to assign. */
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

/** Ranges reserved for documentation (RFC 5737). */
const PUBLIC_RANGES = ["192.0.2.0/24", "198.51.100.0/24"].flatMap(
  (cidr) => parseSubnet(cidr) ?? [],
);

const PUBLIC_ADDRESSES = PUBLIC_RANGES.flatMap((range) =>
  // Without the addresses of network, router and broadcast.
  Array.from({ length: range.size - 3 }, (_, index) =>
    toAddress(range.first + range.size - 2 - index),
  ),
);

/** Descending from the one assigned last, so that a released address is not assigned again at once. */
export function nextPublicAddress(
  taken: ReadonlySet<string>,
  last: string | undefined,
): string | undefined {
  const start = last === undefined ? 0 : PUBLIC_ADDRESSES.indexOf(last) + 1;
  const order = [...PUBLIC_ADDRESSES.slice(start), ...PUBLIC_ADDRESSES.slice(0, start)];
  return order.find((address) => !taken.has(address));
}
