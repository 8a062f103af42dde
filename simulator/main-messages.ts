import type { Change, Fault, FaultEvent, Sweep } from "./faults";
import type { Reattach } from "./server";
import type { DeepStatus } from "./runtime/deep-options";
import type { Death } from "./runtime/program";
import type { HeldCall, NodeFault, NodeStatus } from "./talos";

/** What the process reports once it serves. */
export interface Ready {
  readonly cloud: string;
  /** As JSON, the value of TF_REATTACH_PROVIDERS. */
  readonly reattach: Readonly<Record<string, Reattach>>;
  /** Where the bastion's SSH server listens on 127.0.0.1. */
  readonly bastionPort: number;
}

export interface Objects {
  /** Number of objects of each kind that has any. */
  readonly counts: Readonly<Record<string, number>>;
  /** Every object, by kind and id. */
  readonly list: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

export interface Usage {
  /** Microseconds of processor time since the process began. */
  readonly cpu: { readonly user: number; readonly system: number };
  /** Resident memory in bytes. */
  readonly memory: number;
}

/** Requests of a parent; each is answered under the same name. */
export type Command =
  | { readonly faults: readonly Fault[] }
  | { readonly sweep: Sweep | null }
  /** What goes wrong inside machines from now on. */
  | { readonly nodeFaults: readonly NodeFault[] }
  /** By so many milliseconds. */
  | { readonly advance: number }
  /** Lets paused changes go on, or be refused. */
  | { readonly resume: true; readonly refusal?: string }
  /** Methods of Talos's API whose calls wait until they are released. */
  | { readonly holdCalls: readonly string[] }
  | { readonly releaseCall: number }
  /** Deletes an object as a user does in the console, whatever depends on it. */
  | { readonly remove: { readonly kind: string; readonly id: string } }
  /** Changes an object's values, as the cloud itself may do. */
  | { readonly change: { readonly kind: string; readonly id: string; readonly values: object } }
  | { readonly objects: true }
  | { readonly nodes: true }
  | { readonly deep: true }
  | { readonly usage: true };

/** What the process sends: unasked, and in answer. */
export type Report =
  | { readonly ready: Ready }
  | { readonly failed: string }
  | { readonly changeStarted: Change }
  | { readonly changeDone: Change }
  | { readonly faultOccurred: FaultEvent }
  | { readonly faults: true }
  | { readonly sweep: true }
  | { readonly nodeFaults: true }
  | { readonly advance: true }
  | { readonly resume: true }
  | { readonly holdCalls: true }
  | { readonly releaseCall: true }
  /** Unasked: a call waits. */
  | { readonly callHeld: HeldCall }
  | { readonly remove: true }
  /** The fault `crash`: nothing is reported after it. */
  | { readonly crashing: true }
  | { readonly change: true }
  | { readonly objects: Objects }
  | { readonly nodes: readonly NodeStatus[] }
  /** null: the simulation has no real programs. */
  | { readonly deep: DeepStatus | null }
  /** A real program has ended by itself. */
  | { readonly died: Death }
  | { readonly usage: Usage };
