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
  /** Ends what an interrupted run began, and removes what is left of machines that are gone. */
  settle(): Promise<void>;
  /** Looks whether nodes can be worked on, and changes nothing. @returns why not; undefined: they can */
  obstacle(): Promise<string | undefined>;
  /** Whether an interrupted run has taken a control plane out that is worked on next. */
  isMidway(): Promise<boolean>;
  /** Waits until the cluster can do without one node. @throws UserError when it does not come to that */
  gate(): Promise<void>;
  /** Before a machine is created, destroyed or restarted. @throws UserError; then nothing may follow */
  before(step: NodeStep): Promise<void>;
  /** After it: the nodes are what they should be. @throws UserError when they do not become so */
  after(step: NodeStep): Promise<void>;
  /** Before new nodes and any work on others: configuration and versions of running nodes. */
  converge(): Promise<void>;
  close(): Promise<void>;
}

const nothing = () => Promise.resolve();

/** For a cluster in which nothing can be asked: its nodes are simulated without a Kubernetes API. */
export const noWork: MachineWork = {
  settle: nothing,
  obstacle: () => Promise.resolve(undefined),
  isMidway: () => Promise.resolve(false),
  gate: nothing,
  before: nothing,
  after: nothing,
  converge: nothing,
  close: nothing,
};
