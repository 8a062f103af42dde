import { join } from "node:path";
import { SimulatedBastion } from "./bastion";
import { Clock } from "./clock";
import { clouds } from "./clouds";

import { Faults, type Change, type ChangeEvent } from "./faults";
import type { Cloud } from "./machines";
import type * as DeepModule from "./runtime/deep";
import type { DeepOptions, DeepStatus } from "./runtime/deep-options";
import type { Death } from "./runtime/program";
import { startSimulator, type Reattach } from "./server";
import { Store } from "./store";
import { createTalosProvider, TalosNodes } from "./talos";
import { utilityProviders } from "./utility";
import type { World } from "./world";

/**
 * A quarter of the real one's length, with which nothing is signed: 8 ms to generate, where half of it
 * takes 0.15 s and the whole longer than all the rest. A real API server signs with the key, and
 * takes half of the real one's.
 */
const serviceAccountKeyBits = { ordinary: 1024, deep: 2048 };

export interface SimulationOptions {
  /** Where the cloud is stored (0600); a later simulation on the same directory continues with it. */
  readonly directory: string;
  /** One of the names in `clouds`. */
  readonly cloud: string;
  /** The account's properties: that cloud's own options. @default - an ordinary account */
  readonly cloudOptions?: object;
  /** Tofu's working directory, where relative file names start. */
  readonly tofuDirectory: string;
  /** Real milliseconds per simulated one. @default 0.001 */
  readonly timeScale?: number;
  /** A public key that the bastion accepts in addition to the configured ones. @default - none */
  readonly bastionKey?: string;
  /** Called at every change of the cloud, as it starts and when it is done. */
  readonly notify?: (event: ChangeEvent, change: Change) => void;
  /** Real programs on the nodes. @default - Talos's API alone */
  readonly deep?: DeepOptions;
  /** Called when a real program has ended by itself. */
  readonly died?: (death: Death) => void;
  /** Ends the process at once, for the fault `crash`. @default - that fault is refused */
  readonly crash?: () => void;
}

/** A simulated cloud with its machines, and the providers through which tofu changes it. */
export interface Simulation {
  readonly reattach: Readonly<Record<string, Reattach>>;
  /** Where the bastion's SSH server listens on 127.0.0.1. */
  readonly bastionPort: number;
  readonly store: Store;
  readonly faults: Faults;
  readonly nodes: TalosNodes;
  readonly clock: Clock;
  /** Reads the cloud: call it after a change that no provider made. */
  observe(): void;
  /** What real programs run; undefined when none do. */
  deep(): Promise<DeepStatus | undefined>;
  close(): Promise<void>;
}

/** @throws Error when there is no such cloud. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { directory, cloud: name, tofuDirectory } = options;
  const create = Object.hasOwn(clouds, name) ? clouds[name] : undefined;
  if (!create) {
    throw new Error(`No simulated cloud "${name}": there is ${Object.keys(clouds).join(", ")}`);
  }
  const store = new Store(join(directory, "cloud.json"));
  const clock = new Clock(options.timeScale);
  const world: World = { store, clock };
  const { provider, cloud } = create(world, options.cloudOptions ?? {});
  const deep = options.deep && (await startDeep(options.deep, options, cloud));
  const nodes = new TalosNodes(world, cloud, deep?.runtime);
  deep?.connectThrough(nodes);
  const bastion = new SimulatedBastion(world, cloud, nodes, { extraKey: options.bastionKey });
  const observe = () => {
    nodes.observe();
    bastion.observe();
    deep?.observe();
  };
  world.observe = () => {
    nodes.observe();
  };
  const faults = new Faults({
    crash: options.crash,
    notify: (event, change) => {
      // Machines boot when they are created, not at the first connection.
      if (event === "changeDone") observe();
      options.notify?.(event, change);
    },
  });
  const simulated = {
    ...provider,
    warning: {
      summary: "Simulated cloud",
      detail: `Everything here happens in a simulation of ${cloud.name}: nothing real is created, changed or paid for.`,
    },
  };
  const bastionPort = await bastion.start();
  try {
    const simulator = await startSimulator({
      providers: [
        simulated,
        createTalosProvider(world, {
          serviceAccountKeyBits: serviceAccountKeyBits[deep === undefined ? "ordinary" : "deep"],
        }),
        ...utilityProviders({ tofuDirectory }),
      ],
      clock,
      faults,
    });
    observe();
    const closeAll = async () => {
      simulator.close();
      await deep?.close();
      await nodes.close();
      await bastion.close();
    };
    const { reattach } = simulator;
    return {
      reattach,
      bastionPort,
      store,
      faults,
      nodes,
      clock,
      observe,
      deep: async () => deep?.status(),
      close: closeAll,
    };
  } catch (error) {
    await deep?.close();
    await nodes.close();
    await bastion.close();
    throw error;
  }
}

/** Nothing of it is loaded where it is not asked for. */
function startDeep(
  deep: DeepOptions,
  { directory, died = () => undefined }: SimulationOptions,
  cloud: Cloud,
): Promise<DeepModule.Deep> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Deep } = require("./runtime/deep") as typeof DeepModule;
  return Deep.start(deep, { directory, cloud, died });
}
