import { Cidr } from "../../constructs/cidr";
import type { AddressSlots, InfrastructureAddresses } from "../../constructs/cluster";
import type { Report } from "../../constructs/report";
import { podNetwork, serviceNetwork } from "../../constructs/talos-firewall";

/** Wider than a /16, no cloud takes it; narrower than a /22, the quarters of the address plan are too small. */
export const prefixLengths = { widest: 16, narrowest: 22 };

/** The private network, checked; undefined after a report. */
export function checkNetwork(text: string, report: Report): Cidr | undefined {
  const path = ["network_cidr"];
  const network = Cidr.parse(text);
  if (network === undefined || !text.includes("/")) {
    report.error(path, 'An IPv4 network, such as "172.16.4.0/22".');
    return undefined;
  }
  if (Cidr.hadHostBits(text)) {
    report.error(path, `The network's own address is ${network.toString()}.`);
  }
  const { widest, narrowest } = prefixLengths;
  if (network.prefixLength < widest || network.prefixLength > narrowest) {
    report.error(path, `Allowed: /${widest} to /${narrowest}.`);
    return undefined;
  }
  if (!network.isPrivate) {
    report.error(path, "Not a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.");
  }
  for (const [name, other] of Object.entries({ pods: podNetwork, services: serviceNetwork })) {
    if (Cidr.parse(other)?.overlaps(network) === true) {
      report.error(path, `Overlaps ${other}, where the cluster's ${name} have their addresses.`);
    }
  }
  return network;
}

/** The plan of a network in quarters: control planes, workers in two, the bastion and what the cloud takes. */
export interface AddressPlan {
  readonly infrastructure: InfrastructureAddresses;
  readonly slots: AddressSlots;
  readonly mostWorkers: number;
}

/** The first of either role; before it come the network's own address, router, gateway and load balancer. */
const firstNode = 4;

/**
 * Addresses by role and index alone, so that adding or removing one node never moves another. With
 * the default network: control planes from 172.16.4.4, workers from 172.16.5.4, bastion 172.16.7.250.
 */
export function planAddresses(network: Cidr): AddressPlan {
  const quarter = network.size / 4;
  return {
    infrastructure: {
      gateway: network.host(2),
      loadBalancer: network.host(3),
      bastion: network.host(3 * quarter + 250),
    },
    slots: {
      controlPlane: (index) => network.host(firstNode + index),
      worker: (index) => network.host(quarter + firstNode + index),
    },
    mostWorkers: 2 * quarter - firstNode,
  };
}
