import type { Duplex } from "node:stream";

import type { Store } from "../../store";
import type { TalosNode } from "./node";
import type { NodeRuntime, ServiceStatus } from "./node-runtime";
import { SimulatedEtcd } from "./simulated-etcd";

/** The runtime of the simulation of every day: members of etcd in a table, and no program. */
export class SimulatedRuntime implements NodeRuntime {
  readonly etcd: SimulatedEtcd;

  constructor(store: Store) {
    this.etcd = new SimulatedEtcd(store);
  }

  observe(nodes: readonly TalosNode[], machines: ReadonlySet<string>): void {
    this.etcd.settle(nodes, machines);
  }

  connect(): Promise<Duplex> | undefined {
    return undefined;
  }

  service(node: TalosNode, id: string): ServiceStatus | undefined {
    if (id !== "etcd") return undefined;
    const { since } = node.record;
    return this.etcd.isMember(node)
      ? { state: "Running", healthy: true, message: "", since }
      : { state: "Preparing", healthy: false, message: "", since };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
