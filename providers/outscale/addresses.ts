import { type AddressPlan, bastionAddress } from "../../constructs/model/address-plan";
import type { Cidr } from "../../constructs/model/cidr";
import { zoneAt } from "../resolve-location";

/** The first three quarters of the Net are private subnets, one a subregion; the last one is public. */
export const mostZones = 3;
export const publicQuarter = 3;

/** Offsets from the start of a subnet; the first four addresses are Outscale's. */
const firstControlPlane = 4;
const firstWorker = 32;
/** Outscale's description reserves what ends in .0 to .3 and .255, wherever it is in a subnet. */
const block = 256;
const workersInBlock = block - 1 - firstWorker;

/** The subnet of a quarter of the network, 0 to 3. */
export function quarterOf(network: Cidr, quarter: number): string {
  return `${network.host(quarter * (network.size / 4))}/${network.prefixLength + 2}`;
}

/** Which quarter a zone's nodes are in: the zones in the order in which they are first named. */
export function zoneQuarters(zones: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(zones)].map((zone, quarter) => [zone, quarter]));
}

/**
 * A subnet lies in one subregion, so that a node's address follows from its zone besides its role and
 * index; its place within the subnet from role and index alone.
 */
export function planAddresses(network: Cidr, zones: readonly string[]): AddressPlan {
  const quarterSize = network.size / 4;
  const quarters = zoneQuarters(zones);
  const start = (index: number) => {
    const zone = zoneAt(zones, index);
    return quarterSize * ((zone === undefined ? undefined : quarters.get(zone)) ?? 0);
  };
  return {
    slots: {
      controlPlane: (index) => network.host(start(index) + firstControlPlane + index),
      worker: (index) =>
        network.host(
          start(index) +
            block * Math.floor(index / workersInBlock) +
            firstWorker +
            (index % workersInBlock),
        ),
    },
    bastion: bastionAddress(network),
    mostWorkers: workersInBlock * (quarterSize / block),
  };
}
