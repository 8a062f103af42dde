import type { ApiEndpoint } from "../../cluster/api-endpoint";
import type { NodeConnection } from "../connection";
import type { KnownNode } from "../observation";
import type { Wanted } from "../wanted";

/** What a roll reports as it goes: a line for a user, an object for a program. */
export interface RollEvent {
  /** "configure", "talos", "kubernetes"… */
  readonly step: string;
  /** "worker-0"; undefined for what concerns all nodes. */
  readonly node?: string;
  readonly state: "begun" | "going on" | "done";
  /** "drained" */
  readonly text: string;
}

/** In milliseconds. */
export interface Patience {
  /** For a node's pods to be evicted. */
  readonly drain: number;
  /** For a node to be back from a boot. */
  readonly boot: number;
  /** For the cluster to be healthy again after a step. */
  readonly gate: number;
  /** For it to be healthy before anything begins. */
  readonly start: number;
  /** For a node that tries a configuration; it returns to the one before by itself after that time. */
  readonly trial: number;
  /** Between two looks. */
  readonly between: number;
}

/** A simulated clock runs a thousand times as fast. */
export const simulatedHaste = 1000;

/** Firmware and images of a slow cloud machine within fifteen minutes. */
export const usualPatience: Omit<Patience, "drain"> = {
  boot: 15 * 60_000,
  gate: 10 * 60_000,
  start: 30_000,
  trial: 3 * 60_000,
  between: 2000,
};

/** What every step of a roll works with. */
export interface Work {
  readonly connection: NodeConnection;
  /** The nodes that are brought to it: not those that are replaced or removed anyway. */
  readonly wanted: Wanted;
  /** All nodes whose machine exists. */
  readonly known: readonly KnownNode[];
  /** Nodes that need not be well, since their machines are worked on later: names. */
  readonly except: readonly string[];
  readonly patience: Patience;
  /** How much faster than ours the nodes' clocks run: simulated ones. @default 1 */
  readonly haste?: number;
  /** The load balancer of the API; undefined until there is a kubeconfig. */
  readonly api: ApiEndpoint | undefined;
  /** Path of the program; it is found, or built once, when it is first needed. */
  readonly talosctl: () => Promise<string>;
  /** The command line's own directory: logs and snapshots. */
  readonly memory: string;
  /** This run's directory, deleted at its end: files with keys. */
  readonly scratch: string;
  /** The user's own check after each node: a command for sh. @default - none */
  readonly userGate?: string;
  readonly report: (event: RollEvent) => void;
}
