import type { Guard } from "./guard";
import type { NetworkProxy } from "./network/proxy";
import type { Death } from "./program";
import type { Programs } from "./programs";

/** What programs of all nodes share. */
export interface Host {
  readonly guard: Guard;
  readonly programs: Programs;
  readonly network: NetworkProxy;
  /** Whether control planes run kube-controller-manager and kube-scheduler. */
  readonly controllers: boolean;
  /** Milliseconds between heartbeats of kubelets. */
  readonly heartbeat: number;
  /** What lasts longer than this run: the nodes' disks. */
  readonly disks: string;
  /** Called when a program began to answer or stopped: others may wait for it. */
  readonly changed: () => void;
  readonly died: (death: Death) => void;
}
