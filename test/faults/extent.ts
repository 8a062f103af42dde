import type { TestCloud } from "../support/clouds";

/** How much of a cluster's life meets faults: all of it is a proof, a part of it a sample. */
export interface Extent {
  /** Names of operations. @default - all */
  readonly operations?: readonly string[];
  /** Types of resources whose changes meet a fault. @default - all */
  readonly types?: (cloud: TestCloud) => readonly string[];
}

export const everyChange: Extent = {};

const shortLife = ["apply", "destroy"];

export const everyChangeOfAShortLife: Extent = { operations: shortLife };

/** So many that come one after the other, and so meet another fault each, that three clouds have every kind. */
export const aFewChanges: Extent = {
  operations: ["apply"],
  types: ({ types }) => [
    types.network,
    types.server,
    types.loadBalancer,
    "talos_machine_bootstrap",
  ],
};
