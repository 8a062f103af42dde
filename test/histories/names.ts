import { kindsOf } from "../faults/kinds";
import { testClouds } from "../support/clouds";

/** Names of all faults; they are the same on every cloud. */
export const faultNames: readonly string[] = [
  ...new Set(testClouds.flatMap((cloud) => kindsOf(cloud).map(({ name }) => name))),
];
