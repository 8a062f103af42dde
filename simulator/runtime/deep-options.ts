import type { ForwardedListener } from "./balancer/balancers";
import type { Programs } from "./programs";

/** Real programs on simulated nodes; all of it is JSON. */
export interface DeepOptions {
  readonly programs: Programs;
  /** The address from which clients connect to load balancers: the administrator's. */
  readonly clientAddress: string;
  /** Real time of the load balancers' health checks is divided by it. @default 1 */
  readonly haste?: number;
  /** Control planes run kube-controller-manager and kube-scheduler. @default true */
  readonly controllers?: boolean;
  /** Where the Kubernetes API's load balancer listens on 127.0.0.1. @default - any free port */
  readonly apiPort?: number;
  /**
   * Milliseconds between kubelets' heartbeats. A node is taken for lost after five of them.
   * @default 10 000, as Kubernetes's
   */
  readonly heartbeat?: number;
}

/** A real program of a node. */
export interface RunningProgram {
  /** "control-plane-0" */
  readonly node: string;
  /** "etcd", "kube-apiserver" */
  readonly program: string;
  readonly pid: number;
  /** Where it listens on 127.0.0.1. */
  readonly port: number;
  readonly healthy: boolean;
}

export interface DeepStatus {
  /** Where programs write their output; it is removed when the simulator ends. */
  readonly directory: string;
  readonly listeners: readonly ForwardedListener[];
  readonly programs: readonly RunningProgram[];
}
