import type { Protocol } from "./filter";
import type { Host, LoadBalancer } from "./network";

/** Who asks. */
export type Source =
  | { readonly kind: "internet"; readonly address: string }
  | { readonly kind: "host"; readonly host: Host }
  /** A pod: what leaves its node for elsewhere has the node's address. */
  | { readonly kind: "pod"; readonly host: Host; readonly address: string }
  /** A load balancer that asks whether a backend is well. */
  | { readonly kind: "load balancer"; readonly loadBalancer: LoadBalancer };

/** What is asked. */
export interface Target {
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** A place on the way, and what happened there. */
export interface Hop {
  readonly at: string;
  readonly does: string;
  /** The rule or resource that made it so. */
  readonly by?: string;
}

/** The way of a connection: there, and of its answer back. */
export interface Trace {
  readonly reached: boolean;
  /** The way there, as far as it came. Empty when nobody wanted it told. */
  readonly hops: readonly Hop[];
  /** The answer's way back. Empty when there is no answer. */
  readonly back: readonly Hop[];
  /** Where it ended: the name of a host, a load balancer, "internet", or "metadata". */
  readonly end?: string;
  readonly refusal?: Refusal;
  /** The NAT gateway that it left by, if it did. */
  readonly translatedBy?: string;
  /** What let it in, in the order in which it was asked. */
  readonly allowedBy: readonly string[];
}

/** What refused a connection: a rule, or what is missing. */
export interface Refusal {
  readonly why: string;
  readonly by: string;
}
