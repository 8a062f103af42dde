import type { Clock } from "../../clock";

/** What every model of this provider works with. */
export interface TalosSettings {
  readonly clock: Clock;
  /** Size of the RSA key of service accounts. */
  readonly serviceAccountKeyBits: number;
  /** Real milliseconds for which a call is retried at least, however fast simulated time goes: the calls are real. */
  readonly leastPatience: number;
}
