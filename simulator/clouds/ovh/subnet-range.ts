/** A subnet's network, gateway and allocation pools, and which of them Neutron refuses. */
import { isIPv4 } from "node:net";
import { Refusal, type Values } from "../../protocol/model";
import {
  contains,
  parseSubnet,
  toAddress,
  toCidr,
  toNumber,
  type Subnet as Range,
} from "../addresses";
import { blocksOf, isTrue, listOf, stringOf } from "../values";
import { badNetworkRequest, networkError } from "./errors";
import type { AllocationPool } from "./objects";

/** The provider itself refuses host bits, which Neutron would mask. */
export function rangeOf(planned: Values): Range {
  const cidr = stringOf(planned.cidr) ?? "";
  const range = parseSubnet(cidr);
  if (range === undefined) throw new Refusal(`Invalid CIDR ${cidr}: invalid CIDR address: ${cidr}`);
  if (toCidr(range) !== cidr)
    throw new Refusal(
      `cidr ${cidr} doesn't match subnet address ${toCidr(range)} for openstack_networking_subnet_v2`,
    );
  return range;
}

export function gatewayOf(planned: Values, range: Range): string {
  if (isTrue(planned.no_gateway)) return "";
  const address = stringOf(planned.gateway_ip) ?? toAddress(range.first + 1);
  const offset = toNumber(address) - range.first;
  if (!isIPv4(address) || offset === 0 || offset === range.size - 1)
    throw badNetworkRequest("Gateway is not valid on subnet");
  return address;
}

export function poolsOf(planned: Values, range: Range, gateway: string): AllocationPool[] {
  const pools = listOf(planned.allocation_pool).length
    ? blocksOf(planned.allocation_pool).map(({ start, end }) => ({
        start: stringOf(start) ?? "",
        end: stringOf(end) ?? "",
      }))
    : around(range, gateway);
  for (const pool of pools) checkPool(pool, range, gateway);
  const sorted = [...pools].sort((a, b) => toNumber(a.start) - toNumber(b.start));
  for (const [index, pool] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && toNumber(pool.end) >= toNumber(next.start))
      throw networkError(
        409,
        "OverlappingAllocationPools",
        `Found overlapping allocation pools: ${shown(pool)} ${shown(next)} for subnet ${toCidr(range)}.`,
      );
  }
  return sorted;
}

function checkPool(pool: AllocationPool, range: Range, gateway: string): void {
  if (!isIPv4(pool.start) || !isIPv4(pool.end) || toNumber(pool.start) > toNumber(pool.end))
    throw networkError(
      400,
      "InvalidAllocationPool",
      `The allocation pool ${shown(pool)} is not valid.`,
    );
  if (!contains(range, pool.start) || !contains(range, pool.end))
    throw networkError(
      400,
      "OutOfBoundsAllocationPool",
      `The allocation pool ${shown(pool)} spans beyond the subnet cidr ${toCidr(range)}.`,
    );
  const isInside =
    gateway !== "" &&
    toNumber(pool.start) <= toNumber(gateway) &&
    toNumber(gateway) <= toNumber(pool.end);
  if (isInside)
    throw networkError(
      409,
      "GatewayConflictWithAllocationPools",
      `Gateway ip ${gateway} conflicts with allocation pool ${shown(pool)}.`,
    );
}

/** All addresses except the gateway's, as Neutron's default. */
function around(range: Range, gateway: string): AllocationPool[] {
  const first = range.first + 1;
  const last = range.first + range.size - 2;
  const middle = gateway === "" ? last + 1 : toNumber(gateway);
  const parts: [number, number][] =
    middle < first || middle > last
      ? [[first, last]]
      : [
          [first, middle - 1],
          [middle + 1, last],
        ];
  return parts
    .filter(([from, to]) => from <= to)
    .map(([from, to]) => ({ start: toAddress(from), end: toAddress(to) }));
}

function shown({ start, end }: AllocationPool): string {
  return `${start}-${end}`;
}
