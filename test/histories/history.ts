import fc from "fast-check";
import { type CloudName, cloudNames } from "../../constructs/model/cluster-spec";

/** An operation of a user on an existing cluster. */
export type UserOperation =
  | "apply again"
  | "a worker more"
  | "a worker less"
  | "two control planes more"
  | "other admins"
  | "other bastion keys"
  | "a newer Talos"
  | "a newer Kubernetes"
  | "eleven months pass"
  | "destroy";

/** A fault by its name in the kinds of faults, at the change of that number. */
export interface FaultPoint {
  readonly fault: string;
  readonly at: number;
}

export interface Step {
  readonly operation: UserOperation;
  readonly faultPoint?: FaultPoint;
}

/** A cluster's history: created, then these steps, then destroyed. */
export interface History {
  readonly cloud: CloudName;
  /** One or three. */
  readonly controlPlanes: number;
  /** The fault of its creation. */
  readonly creationFault?: FaultPoint;
  readonly steps: readonly Step[];
  /** The fault of its destruction. */
  readonly destructionFault?: FaultPoint;
}

/** From the simplest on, as fast-check shrinks towards the first. */
const operations: readonly UserOperation[] = [
  "apply again",
  "a worker more",
  "a worker less",
  "other admins",
  "other bastion keys",
  "a newer Talos",
  "a newer Kubernetes",
  "eleven months pass",
  "two control planes more",
  "destroy",
];

/**
 * Histories of up to four steps between creation and destruction.
 * @param faults Names of faults.
 */
export function histories(faults: readonly string[]): fc.Arbitrary<History> {
  const faultPoint = (most: number) =>
    fc.option(
      fc.record({ fault: fc.constantFrom(...faults), at: fc.integer({ min: 1, max: most }) }),
      {
        nil: undefined,
        freq: 2,
      },
    );
  return fc.record({
    cloud: fc.constantFrom(...cloudNames),
    controlPlanes: fc.constantFrom(1, 1, 3),
    // A single node is some thirty changes, a later operation on it a handful.
    creationFault: faultPoint(30),
    steps: fc.array(
      fc.record({ operation: fc.constantFrom(...operations), faultPoint: faultPoint(5) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    destructionFault: faultPoint(30),
  });
}

/** One line, to be pasted into the table of regressions. */
export function lineOf(history: History): string {
  return JSON.stringify(history);
}
