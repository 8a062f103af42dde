/**
 * Machines as the network sees them: what a simulated cloud tells those who
 * live in it (the bastion's SSH server, the nodes' Talos API).
 */
export interface Machine {
  /** The cloud's id of the server; a replaced server has another, and an empty disk. */
  readonly id: string;
  readonly name: string;
  /** Powered on. */
  readonly running: boolean;
  /** The image it was made from: its name or label. */
  readonly image: string;
  readonly publicAddress?: string;
  /** Its IPv4 address on the cluster's private network, once a NIC is attached there. */
  readonly privateAddress?: string;
  /** What it finds at its first boot, already decoded; undefined when the cloud serves it nothing. */
  readonly userData?: string;
  /** Why it does not come up as its owner expects, in words a person reads. Empty when all is well. */
  readonly problems: readonly string[];
}

/** A simulated cloud, as its inhabitants see it. */
export interface Cloud {
  /** "scaleway" */
  readonly name: string;
  /** All servers there are, in the order they were made. Read anew at each use. */
  machines(): Machine[];
  /**
   * Why the cloud drops a TCP connection between two machines of the private network, in words;
   * undefined when it passes. A cloud whose security groups do not see private traffic has none.
   */
  drops?(source: string, address: string, port: number): string | undefined;
}
