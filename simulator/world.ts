import type { Clock } from "./clock";
import type { Store } from "./store";

/** What all parts of one simulated world share. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
}
