import type { ClusterDirectory } from "../cluster/directory";

/** What is done to a node's machine. */
export type Work = "add" | "replace" | "resize" | "remove";

/** One step of a plan that adds nodes, or interrupts one. */
export interface NodeStep {
  readonly work: Work;
  /** By name; several only of new workers. */
  readonly nodes: readonly string[];
  /** The only control plane: there is no other member to hand anything over to. */
  readonly isAlone: boolean;
}

/**
 * The work inside the cluster around changes of machines. Each part of it is recognised as done by
 * looking at the cluster, so that it can be repeated after any interruption.
 */
export interface MachineWork {
  /** Why no node can be worked on now. @returns undefined when nodes can */
  obstacle(): Promise<string | undefined>;
  /** Waits until the cluster can do without one node. @throws UserError when it does not come to that */
  gate(): Promise<void>;
  /** Before a machine is created, destroyed or restarted. @throws UserError; then nothing may follow */
  before(step: NodeStep): Promise<void>;
  /** After it: the nodes are what they should be. @throws UserError when they do not become so */
  after(step: NodeStep): Promise<void>;
  /** Between new nodes and the replacement of old ones: configuration and versions of running nodes. */
  converge(): Promise<void>;
  close(): Promise<void>;
}

const nothing = () => Promise.resolve();

/** For a cluster in which nothing can be asked: its nodes are simulated without a Kubernetes API. */
export const noWork: MachineWork = {
  obstacle: () => Promise.resolve(undefined),
  gate: nothing,
  before: nothing,
  after: nothing,
  converge: nothing,
  close: nothing,
};

/** The work in a cluster's nodes. */
export function machineWork(
  cluster: ClusterDirectory,
  say: (text: string) => void,
): Promise<MachineWork> {
  return Promise.resolve(cluster.isSimulated ? noWork : notYet(say));
}

function notYet(say: (text: string) => void): MachineWork {
  return {
    ...noWork,
    obstacle: () => {
      say("");
      return Promise.resolve("The nodes of this cluster cannot be asked.");
    },
  };
}
