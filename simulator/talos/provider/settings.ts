import type { Clock } from "../../clock";

/** Common settings of this provider's models. */
export interface TalosSettings {
  readonly clock: Clock;
  /** Size of the RSA key of service accounts. */
  readonly serviceAccountKeyBits: number;
  /** Real milliseconds that a call may take beyond its timeout, however fast simulated time passes. */
  readonly grace: number;
}
