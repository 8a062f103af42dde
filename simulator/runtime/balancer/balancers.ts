import type { Balancer } from "../../balancers";
import { type BackendState, Forwarder, type ForwarderOptions } from "./forwarder";

/** A listener of a load balancer, and where it really listens. */
export interface ForwardedListener {
  readonly balancer: string;
  readonly publicAddress?: string;
  /** The port that its clients know. */
  readonly port: number;
  /** On 127.0.0.1. */
  readonly localPort: number;
  readonly backends: readonly BackendState[];
}

/** A forwarder for every listener of every load balancer that exists. */
export class Balancers {
  private readonly forwarders = new Map<string, Promise<Forwarder>>();
  private current: readonly Balancer[] = [];
  private isClosed = false;

  constructor(private readonly options: ForwarderOptions) {}

  /** Starts, changes and ends forwarders as the cloud has changed; returns at once. */
  observe(balancers: readonly Balancer[]): void {
    if (this.isClosed) return;
    this.current = balancers;
    const wanted = new Set<string>();
    for (const balancer of balancers) {
      for (const listener of balancer.listeners) {
        wanted.add(listener.id);
        const known = this.forwarders.get(listener.id);
        if (known === undefined) {
          this.forwarders.set(listener.id, Forwarder.start(this.options, balancer, listener));
        } else {
          void known.then((forwarder) => {
            forwarder.update(balancer, listener);
          });
        }
      }
    }
    for (const [id, forwarder] of this.forwarders) {
      if (wanted.has(id)) continue;
      this.forwarders.delete(id);
      void forwarder.then((one) => {
        one.close();
      });
    }
  }

  async list(): Promise<ForwardedListener[]> {
    const listeners = this.current.flatMap((balancer) =>
      balancer.listeners.map((listener) => ({ balancer, listener })),
    );
    const found = await Promise.all(
      listeners.map(async ({ balancer, listener }) => {
        const forwarder = await this.forwarders.get(listener.id);
        if (forwarder === undefined) return [];
        const { name, publicAddress } = balancer;
        const { port: localPort, states: backends } = forwarder;
        return [{ balancer: name, publicAddress, port: listener.port, localPort, backends }];
      }),
    );
    return found.flat();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const forwarder of this.forwarders.values()) (await forwarder).close();
  }
}
