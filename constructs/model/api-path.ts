import type { ResourceValues } from "./resource-values";

/** Existing resources, by address: a state, for a cloud's reader. */
export interface StateResources {
  /** Whether the cloud was read just now; otherwise it is the result of the last apply. */
  readonly isFresh: boolean;
  /** The attributes of "scaleway_lb.api". @returns undefined where there is none */
  at(address: string): ResourceValues | undefined;
  /** Those of each managed resource of a type. */
  all(type: string): readonly ResourceValues[];
  /** Those of each control plane's resource of a type, in the nodes' order. */
  controlPlanes(
    type: string,
  ): readonly { readonly name: string; readonly values: ResourceValues }[];
}

/** The path from the internet to the API: its load balancer, what it allows, and where it forwards to. */
export interface ApiPath {
  /** Whether it is attached to the cluster's private network. */
  readonly isAttached: boolean;
  /** The address of the resource to replace where it is not attached. */
  readonly attachedBy: string;
  /** Networks that may reach it, besides the private one. */
  readonly allowed: readonly string[];
  /** Whether all others are denied. */
  readonly deniesOthers: boolean;
  /** The nodes' public source addresses. */
  readonly egress: readonly string[];
  readonly controlPlanes: readonly {
    readonly name: string;
    /** On the private network. */
    readonly address: string;
    /** Whether the load balancer forwards to it. */
    readonly isServed: boolean;
  }[];
}
