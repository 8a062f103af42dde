import type { Cidr } from "./cidr";
import type { AddressSlots } from "./cluster-spec";

/** The addresses of the private network. */
export interface AddressPlan {
  readonly slots: AddressSlots;
  /** Near the end, where no node is planned. */
  readonly bastion: string;
  readonly mostWorkers: number;
}

/** The first node of either role; before it are the addresses of network, router, gateway and load balancer. */
const firstNode = 4;

/**
 * Plans a network in quarters: control planes, workers in two, the bastion and what the cloud
 * assigns. Addresses follow from role and index only, so that adding or removing one node never
 * moves another. With the default network: control planes from 172.16.4.4, workers from 172.16.5.4,
 * bastion 172.16.7.250.
 */
export function planInQuarters(network: Cidr): AddressPlan {
  const quarter = network.size / 4;
  return {
    slots: {
      controlPlane: (index) => network.host(firstNode + index),
      worker: (index) => network.host(quarter + firstNode + index),
    },
    bastion: bastionAddress(network),
    mostWorkers: 2 * quarter - firstNode,
  };
}

/** In the last quarter, on every cloud. */
export function bastionAddress(network: Cidr): string {
  return network.host(3 * (network.size / 4) + 250);
}
