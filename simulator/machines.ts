/**
 * Machines as the network sees them: the interface between a simulated cloud and the bastion's SSH
 * server and the nodes' Talos API.
 */
import type { Balancer } from "./balancers";

export interface Machine {
  /** The cloud's id of the server; a replaced server has another, and an empty disk. */
  readonly id: string;
  readonly name: string;
  /** Powered on. */
  readonly running: boolean;
  /** The image it was created from: its name or label. */
  readonly image: string;
  readonly publicAddress?: string;
  /** Its IPv4 address on the cluster's private network, once a NIC is attached there. */
  readonly privateAddress?: string;
  /** What it finds at its first boot, decoded; undefined when the cloud serves it nothing. */
  readonly userData?: string;
  /** Why it does not come up as its owner expects. Empty when all is well. */
  readonly problems: readonly string[];
}

/** A simulated cloud, as its machines see it. */
export interface Cloud {
  /** "scaleway" */
  readonly name: string;
  /** All servers, in the order of creation. Read at each use. */
  machines(): Machine[];
  /** All load balancers. Read at each use. */
  balancers?(): Balancer[];
  /**
   * Why the cloud drops a TCP connection between two machines of the private network; undefined
   * when it passes. A cloud whose security groups do not filter private traffic has none.
   */
  drops?(source: string, address: string, port: number): string | undefined;
}
