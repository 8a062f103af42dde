import type { TestCloud } from "../support/clouds";

/** How many changes of a cluster's lifecycle have faults: all of them in a proof, some in a sample. */
export interface Extent {
  /** Names of operations. @default - all */
  readonly operations?: readonly string[];
  /** Types of resources whose changes have a fault. @default - all */
  readonly types?: (cloud: TestCloud) => readonly string[];
}

export const everyChange: Extent = {};

const createAndDestroy = ["apply", "destroy"];

export const everyCreationAndDestruction: Extent = { operations: createAndDestroy };

/** So many changes that follow one another, and so have different faults, that three clouds have every kind. */
export const aFewChanges: Extent = {
  operations: ["apply"],
  types: ({ types }) => [
    types.network,
    types.server,
    types.loadBalancer,
    "talos_machine_bootstrap",
  ],
};
