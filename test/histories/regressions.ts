import type { History } from "./history";

/** Histories that once failed, as the soak has printed them, each in its shortest form. */
export const kept: readonly History[] = [
  {
    cloud: "ovh",
    controlPlanes: 1,
    creationFault: { fault: "the simulator killed", at: 4 },
    steps: [],
  },
];
