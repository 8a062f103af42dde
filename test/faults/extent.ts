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

/** Each waits for the one before it, so that each has another fault. */
export const aFewChanges: Extent = {
  operations: createAndDestroy,
  types: ({ types }) => [types.network, types.server, "talos_machine_bootstrap"],
};
