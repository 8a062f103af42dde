import type { Cloud } from "../machines";
import type { TalosNodes } from "../talos";
import { Balancers } from "./balancer/balancers";
import type { DeepOptions, DeepStatus } from "./deep-options";
import type { Death } from "./program";
import { RealRuntime } from "./real-runtime";

interface Surroundings {
  /** Where the simulation is stored. */
  readonly directory: string;
  readonly cloud: Cloud;
  /** Called when a program has ended by itself. */
  readonly died: (death: Death) => void;
}

const API_PORT = 6443;

/** What makes a simulation deep: real programs on its nodes, and load balancers that forward. */
export class Deep {
  private nodes: TalosNodes | undefined;

  private constructor(
    readonly runtime: RealRuntime,
    private readonly balancers: Balancers,
    private readonly cloud: Cloud,
  ) {}

  static async start(
    {
      programs,
      clientAddress,
      haste = 1,
      controllers = true,
      heartbeat = 10_000,
      apiPort,
    }: DeepOptions,
    { directory, cloud, died }: Surroundings,
  ): Promise<Deep> {
    const connect = async (address: string, port: number, source: string) => {
      if (deep.current?.nodes === undefined) throw new Error("the network is not up yet");
      return deep.current.nodes.connect(address, port, source);
    };
    const deep: { current?: Deep } = {};
    const runtime = await RealRuntime.start({
      programs,
      directory,
      controllers,
      heartbeat,
      connect,
      log: (node, text) => deep.current?.nodes?.log(node, text),
      died,
    });
    const balancers = new Balancers({
      connect,
      clientAddress: () => clientAddress,
      haste,
      ...(apiPort === undefined ? {} : { localPorts: { [API_PORT]: apiPort } }),
    });
    deep.current = new Deep(runtime, balancers, cloud);
    return deep.current;
  }

  /** The private network in which the programs connect to each other. */
  connectThrough(nodes: TalosNodes): void {
    this.nodes = nodes;
  }

  /** Reads the cloud's load balancers; the nodes are read by `TalosNodes`. */
  observe(): void {
    this.balancers.observe(this.cloud.balancers?.() ?? []);
  }

  async status(): Promise<DeepStatus> {
    return {
      directory: this.runtime.directory,
      listeners: await this.balancers.list(),
      programs: this.runtime.programs(),
    };
  }

  /** The runtime is ended by `TalosNodes`. */
  async close(): Promise<void> {
    await this.balancers.close();
  }
}
