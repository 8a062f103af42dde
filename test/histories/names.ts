import { kindsOf } from "../faults/kinds";
import { testClouds } from "../support/clouds";

/** It occurs at a bootstrap, whatever the number of the change. */
export const tunnelCut = "the tunnel is cut";

/** Names of all faults; they are the same on every cloud. */
export const faultNames: readonly string[] = [
  tunnelCut,
  ...new Set(testClouds.flatMap((cloud) => kindsOf(cloud).map(({ name }) => name))),
];
