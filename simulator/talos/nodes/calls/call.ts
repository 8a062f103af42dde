import type { Clock } from "../../../clock";
import type { Message } from "../../api/definition";
import { RpcError } from "../../api/rpc-error";
import type { MachineConfiguration } from "../../configuration/machine-configuration";
import type { Boots } from "../boot";
import type { Life } from "../life";
import type { TalosNode } from "../node";
import type { NodeFaults } from "../node-faults";
import type { NodeRuntime } from "../node-runtime";

/** A call that a node has admitted, with what answering it takes. */
export interface ApiCall {
  /** The node that answers, as it was when the call arrived. */
  readonly node: TalosNode;
  readonly life: Life;
  /** The request; the first one where the client streams. */
  readonly request: Message;
  /** All requests of a client that streams, the first included. */
  readonly requests: AsyncIterable<Message>;
  readonly roles: readonly string[];
  /** Aborted when the caller has gone, and when the node goes down. */
  readonly signal: AbortSignal;
  readonly runtime: NodeRuntime;
  readonly boots: Boots;
  readonly faults: NodeFaults;
  readonly clock: Clock;
  /** Every node of the network, in its current state; reading it applies what has changed. */
  readonly nodes: () => readonly TalosNode[];
  /** Stores the records of nodes. */
  readonly save: () => void;
}

export type Answer = Promise<Message> | Message | AsyncIterable<Message>;
export type Handler = (call: ApiCall) => Answer;
/** Handlers by the path of their method, without the slash before it. */
export type Handlers = Readonly<Record<string, Handler>>;

/** One answer in the form of most calls. */
export function only(message: Message = {}): Message {
  return { messages: [message] };
}

/** @throws RpcError on a worker. */
export function requireControlPlane({ node }: ApiCall, api: string): MachineConfiguration {
  if (node.isControlPlane && node.configuration) return node.configuration;
  throw new RpcError("Unimplemented", `${api} is only available on control plane nodes`);
}

/** Whether the running Talos is at least of this minor; of an unknown version: yes. */
export function isSince({ node }: ApiCall, minor: number): boolean {
  return (node.minor ?? Infinity) >= minor;
}

export function timestamp(milliseconds: number): Message {
  return {
    seconds: Math.floor(milliseconds / 1000),
    nanos: Math.floor(milliseconds % 1000) * 1_000_000,
  };
}

/** A duration of the protocol in milliseconds. */
export function durationOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { seconds, nanos } = value as { seconds?: string | number; nanos?: number };
  return 1000 * Number(seconds ?? 0) + Math.floor((nanos ?? 0) / 1_000_000);
}

/** The text of a request's field; empty without. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
