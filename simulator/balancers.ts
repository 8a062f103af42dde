/** Load balancers as their clients see them: the interface between a simulated cloud and real programs. */
import type { Filter } from "./reachability/filter";

export interface Balancer {
  readonly id: string;
  readonly name: string;
  readonly publicAddress?: string;
  /** Its own address on the private network: the source that backends see. */
  readonly privateAddress: string;
  readonly listeners: readonly BalancerListener[];
}

export interface BalancerListener {
  readonly id: string;
  readonly port: number;
  /** Each of them must allow a client. */
  readonly admits: readonly Filter[];
  /** What a client that is not allowed notices: its connection is closed, or never answered. */
  readonly refusal: "close" | "drop";
  readonly backends: readonly { readonly address: string; readonly port: number }[];
  /** @default - backends are not checked, and always used */
  readonly check?: BackendCheck;
  /** Whether connections to a backend are closed when it is found dead. */
  readonly closesDead: boolean;
}

/** Times are in milliseconds. */
export interface BackendCheck {
  readonly kind: "tcp" | "http" | "https";
  /** @default - the backend's own */
  readonly port?: number;
  readonly path: string;
  /** Status codes of a healthy backend: "200", "200,401", "200-299". */
  readonly codes: string;
  readonly interval: number;
  /** Between checks of a backend that is about to change its state. @default - as `interval` */
  readonly transientInterval?: number;
  readonly timeout: number;
  /** Successes in a row until a dead backend is used. */
  readonly rise: number;
  /** Failures in a row until a backend is dead. */
  readonly fall: number;
  /** Whether a new backend is used before its first check, which decides alone. */
  readonly startsUp: boolean;
}
