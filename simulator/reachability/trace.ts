import type { Protocol } from "./filter";
import type { Host, LoadBalancer } from "./network";

/** The client. */
export type Source =
  | { readonly kind: "internet"; readonly address: string }
  | { readonly kind: "host"; readonly host: Host }
  /** A pod: traffic that leaves its node has the node's address. */
  | { readonly kind: "pod"; readonly host: Host; readonly address: string }
  /** A load balancer's health check of a backend. */
  | { readonly kind: "load balancer"; readonly loadBalancer: LoadBalancer };

/** The target. */
export interface Target {
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** A hop on the path, and what happened there. */
export interface Hop {
  readonly at: string;
  readonly does: string;
  /** The rule or resource responsible. */
  readonly by?: string;
}

/** The path of a connection: forward, and of the answer back. */
export interface Trace {
  readonly reached: boolean;
  /** The forward path, as far as it got. Empty when the hops were not requested. */
  readonly hops: readonly Hop[];
  /** The answer's path. Empty when there is no answer. */
  readonly back: readonly Hop[];
  /** Where it ended: the name of a host, a load balancer, "internet", or "metadata". */
  readonly end?: string;
  readonly refusal?: Refusal;
  /** The NAT gateway that it passed, if any. */
  readonly translatedBy?: string;
  /** The rules that allowed it, in the order of evaluation. */
  readonly allowedBy: readonly string[];
}

/** The reason a connection was refused: a rule, or what is missing. */
export interface Refusal {
  readonly why: string;
  readonly by: string;
}
