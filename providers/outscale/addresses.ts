import { type AddressPlan, bastionAddress } from "../../constructs/model/address-plan";
import type { Cidr } from "../../constructs/model/cidr";
import { zoneAt } from "../resolve-location";

/** The first three quarters of the Net are private subnets, one per subregion; the last one is public. */
export const mostZones = 3;
export const publicQuarter = 3;

/** Offsets from the start of a subnet; the first four addresses are Outscale's. */
const firstControlPlane = 4;
const firstWorker = 32;
/** Outscale's documentation reserves addresses that end in .0 to .3 and .255, wherever they are in a subnet. */
const block = 256;
const workersInBlock = block - 1 - firstWorker;

/** The subnet of a quarter of the network, 0 to 3. */
export function quarterOf(network: Cidr, quarter: number): string {
  return `${network.host(quarter * (network.size / 4))}/${network.prefixLength + 2}`;
}

/** The quarter of a zone's nodes: zones in the order of their first occurrence. */
export function zoneQuarters(zones: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(zones)].map((zone, quarter) => [zone, quarter]));
}

/**
 * A subnet is in one subregion, so a node's address depends on its zone in addition to its role and
 * index; its offset within the subnet only on role and index.
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
