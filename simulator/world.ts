import type { Clock } from "./clock";
import type { Store } from "./store";

/** What all parts of one simulated world share. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  /**
   * Lets nodes notice what a change of the cloud does to them while it lasts: that they are stopped,
   * before they are started again. At its end they notice it anyway.
   */
  observe?(): void;
}
