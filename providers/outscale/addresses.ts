import {
  type AddressPlan,
  bastionAddress,
  blocksInQuarter,
} from "../../constructs/model/address-plan";
import type { Cidr } from "../../constructs/model/cidr";
import { zoneAt } from "../resolve-location";

/** The first three quarters of the Net are private subnets, one per subregion; the last one is public. */
export const mostZones = 3;
export const publicQuarter = 3;

/** Offsets from the start of a subnet; the first four addresses are Outscale's. */
const firstControlPlane = 4;
const firstWorker = 32;
/** Outscale's documentation reserves addresses that end in .0 to .3 and .255, wherever they are in a subnet. */
const lastOctets = 256;
const isReserved = (offset: number) =>
  offset % lastOctets < 4 || offset % lastOctets === lastOctets - 1;
/** Of each 256 addresses. */
const workersInEach = lastOctets - 1 - firstWorker;

/** The subnet of a quarter of the network, 0 to 3. */
export function quarterOf(network: Cidr, quarter: number): string {
  return `${network.host(quarter * (network.size / 4))}/${network.prefixLength + 2}`;
}

/** The quarter of a zone's nodes: zones in the order of their first occurrence. */
export function zoneQuarters(zones: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(zones)].map((zone, quarter) => [zone, quarter]));
}

/**
 * A subnet is in one subregion, so a node's address depends on its zone in addition to its role or
 * block and its index; its offset within the subnet only on these two.
 */
export function planAddresses(network: Cidr, zones: readonly string[]): AddressPlan {
  const quarterSize = network.size / 4;
  const quarters = zoneQuarters(zones);
  const start = (nodeZones: readonly string[], index: number) => {
    const zone = zoneAt(nodeZones, index);
    return quarterSize * ((zone === undefined ? undefined : quarters.get(zone)) ?? 0);
  };
  const workerOffset = (index: number) =>
    lastOctets * Math.floor(index / workersInEach) + firstWorker + (index % workersInEach);
  // The first one of the quarter has the control planes.
  const blocks = Array.from({ length: blocksInQuarter - 1 }, (_, index) => {
    const size = quarterSize / blocksInQuarter;
    const first = quarterSize - (index + 1) * size;
    const offsets = Array.from({ length: size }, (_offset, i) => first + i);
    const inFull = workersInEach * Math.floor(first / lastOctets);
    const inLast = Math.min(Math.max((first % lastOctets) - firstWorker, 0), workersInEach);
    return {
      number: index + 1,
      offsets: offsets.filter((offset) => !isReserved(offset)),
      mostWorkers: inFull + inLast,
    };
  });
  return {
    slots: {
      controlPlane: (index) => network.host(start(zones, index) + firstControlPlane + index),
      worker: (index) => network.host(start(zones, index) + workerOffset(index)),
      pool: ({ addressBlock, zones: ofPool }, index) => {
        const offset = blocks[addressBlock - 1]?.offsets[index];
        if (offset === undefined) throw new TypeError(`block ${addressBlock} has no node ${index}`);
        return network.host(start(ofPool, index) + offset);
      },
    },
    ranges: {
      // A zone that is added to `zones` takes the next quarter.
      nodes: network.between(0, mostZones * quarterSize - 1),
      // Its address in this subnet is neither chosen nor known.
      loadBalancer: [quarterOf(network, publicQuarter)],
    },
    bastion: bastionAddress(network),
    mostWorkers: workersInEach * (quarterSize / lastOctets),
    blocks: blocks.map(({ number, offsets, mostWorkers }) => ({
      number,
      mostNodes: offsets.length,
      mostWorkers,
    })),
  };
}
