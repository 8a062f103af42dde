import type { Cidr } from "./cidr";
import { type AddressRanges, type AddressSlots, mostControlPlanes } from "./cluster-spec";

/** The addresses of the private network. */
export interface AddressPlan {
  readonly slots: AddressSlots;
  readonly ranges: AddressRanges;
  /** Near the end, where no node is planned. */
  readonly bastion: string;
  /** Of the pool "worker", while no block is in use. */
  readonly mostWorkers: number;
  /** Blocks of the workers' range, one for each pool; number 1 is the last one of the range. */
  readonly blocks: readonly AddressBlock[];
}

export interface AddressBlock {
  /** Counted from 1. */
  readonly number: number;
  /** Its addresses that a node may have. */
  readonly mostNodes: number;
  /** Of the pool "worker": how many have their addresses before the block. */
  readonly mostWorkers: number;
}

/** Blocks of a quarter of the network. */
export const blocksInQuarter = 8;

/** The first node of either role; before it are the addresses of network, router, gateway and load balancer. */
const firstNode = 4;

/**
 * Plans a network in quarters: control planes, workers in two, the bastion and what the cloud
 * assigns. Addresses follow from role or block and index only, so that adding or removing one node
 * never moves another. With the default network: control planes from 172.16.4.4, workers from
 * 172.16.5.4, the pool of block 1 from 172.16.6.224, bastion 172.16.7.250.
 * @param loadBalancer As in `AddressRanges`
 */
export function planInQuarters(network: Cidr, loadBalancer: readonly string[]): AddressPlan {
  const quarter = network.size / 4;
  const [firstWorker, end] = [quarter + firstNode, 3 * quarter];
  const blockSize = quarter / blocksInQuarter;
  return {
    slots: {
      controlPlane: (index) => network.host(firstNode + index),
      worker: (index) => network.host(firstWorker + index),
      pool: ({ addressBlock }, index) => network.host(end - addressBlock * blockSize + index),
    },
    ranges: {
      nodes: [
        ...network.between(firstNode, firstNode + mostControlPlanes - 1),
        ...network.between(quarter, end - 1),
      ],
      loadBalancer,
    },
    bastion: bastionAddress(network),
    mostWorkers: end - firstWorker,
    // The first one of the two quarters is the workers' alone.
    blocks: Array.from({ length: 2 * blocksInQuarter - 1 }, (_, index) => ({
      number: index + 1,
      mostNodes: blockSize,
      mostWorkers: end - (index + 1) * blockSize - firstWorker,
    })),
  };
}

/** In the last quarter, on every cloud. */
export function bastionAddress(network: Cidr): string {
  return network.host(3 * (network.size / 4) + 250);
}
