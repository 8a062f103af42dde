import type { Clock } from "../../clock";

/** What every model of this provider works with. */
export interface TalosSettings {
  readonly clock: Clock;
  /** Size of the RSA key of service accounts. */
  readonly serviceAccountKeyBits: number;
  /** Real milliseconds that a call may take beyond its timeout, however fast simulated time goes. */
  readonly grace: number;
}
