import { API_PORT } from "../api/connection";
import { type Message, methodOf } from "../api/definition";
import { RpcError, unavailable } from "../api/rpc-error";
import type { CallHolds } from "./call-holds";
import { handlerOf } from "./calls";
import type { ApiCall } from "./calls/call";
import { isAllowed } from "./calls/roles";
import { Channel } from "./channel";
import type { Lives } from "./life";
import { runsPrograms, type TalosNode } from "./node";
import { RouteError } from "./route-error";
import type { IncomingCall } from "./serve";

/** What the router needs of the network's nodes. */
export interface Network extends Omit<
  ApiCall,
  "node" | "life" | "request" | "requests" | "roles" | "signal"
> {
  readonly lives: Lives;
  readonly holds: CallHolds;
  /** @throws RouteError when no connection can be opened. */
  readonly reach: (address: string, port: number, source: string) => TalosNode;
}

/** Services of which several nodes may be asked at once. */
const FOR_MANY = /^(machine|cluster|inspect|storage|time)\./;

/** Whether a node accepts what another's CA has signed: during a rotation there are two. */
function trusts({ configuration }: TalosNode, other: TalosNode): boolean {
  const issuer = other.configuration?.osAuthority.certificate;
  if (configuration === undefined || issuer === undefined) return false;
  const { osAuthority, acceptedOsAuthorities } = configuration;
  return [osAuthority.certificate, ...acceptedOsAuthorities].includes(issuer);
}

/** Answers calls for a node itself, and forwards them to those that their metadata names. */
export class Router {
  constructor(private readonly network: Network) {}

  /** @param id The node that the caller is connected to. */
  async *answer(id: string, call: IncomingCall): AsyncIterable<Message> {
    const self = this.network.nodes().find((candidate) => candidate.id === id);
    if (!self) throw unavailable("error reading from server: EOF");
    const path = call.path.replace(/^\//, "");
    if (self.stage === "maintenance") {
      yield* this.ask(self, path, call);
      return;
    }
    const [target, ...others] = call.metadata.get("node").map(String);
    if (others.length > 0) {
      throw new RpcError("InvalidArgument", "node metadata must be single-valued");
    }
    const many = call.metadata.get("nodes").map(String);
    if (target === undefined && many.length > 0) {
      if (!FOR_MANY.test(path)) {
        throw new RpcError(
          "InvalidArgument",
          `one-2-many proxying is not supported for method /${path}`,
        );
      }
      yield* this.gather(self, many, path, call);
      return;
    }
    yield* this.ask(this.forward(self, target), path, call);
  }

  /** The answers of many nodes, each with the name it was asked by. */
  private async *gather(
    self: TalosNode,
    targets: readonly string[],
    path: string,
    call: IncomingCall,
  ): AsyncIterable<Message> {
    const channel = new Channel<Message>();
    const answers = targets.map(async (hostname) => {
      try {
        const node = this.forward(self, hostname);
        for await (const reply of this.ask(node, path, call)) {
          channel.push(named(reply, { hostname }));
        }
      } catch (error) {
        const status = error instanceof RpcError ? { code: error.number } : undefined;
        const metadata = { hostname, error: String(error).replace(/^Error: /, ""), status };
        channel.push({ metadata, messages: [{ metadata }] });
      }
    });
    void Promise.all(answers).then(() => {
      channel.end();
    });
    const isStream = methodOf(path).responseStream;
    const all: Message[] = [];
    for await (const reply of channel) {
      if (isStream) yield reply;
      else all.push(...(reply.messages as Message[]));
    }
    if (!isStream) yield { messages: all };
  }

  /** The node that is meant, reached from this one over the network. */
  private forward(self: TalosNode, target: string | undefined): TalosNode {
    const own = [self.address, self.hostname, "127.0.0.1", undefined];
    if (own.includes(target) || target === undefined) return self;
    if (!self.isControlPlane) throw new RpcError("PermissionDenied", "no request forwarding");
    try {
      const node = this.network.reach(this.addressOf(target), API_PORT, self.address);
      if (trusts(self, node) && trusts(node, self)) return node;
    } catch (error) {
      if (!(error instanceof RouteError)) throw error;
      throw unavailable(
        `transport: Error while dialing: dial tcp ${target}:${API_PORT}: connect: ${error.goMessage}`,
      );
    }
    throw unavailable(
      "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority",
    );
  }

  /** Talos's own resolver knows its cluster's members by name. */
  private addressOf(target: string): string {
    const known = this.network.nodes().find(({ hostname }) => hostname === target);
    return known?.address ?? target;
  }

  /** Its answers, until it goes down. */
  private async *ask(node: TalosNode, path: string, call: IncomingCall): AsyncIterable<Message> {
    const { roles, requests } = call;
    const inMaintenance = node.stage === "maintenance";
    // A connection outlives its node by some milliseconds.
    if (!inMaintenance && !runsPrograms(node)) throw unavailable("error reading from server: EOF");
    const handler = handlerOf(path, inMaintenance, node.minor);
    if (!inMaintenance && !isAllowed(path, roles)) {
      throw new RpcError("PermissionDenied", "not authorized");
    }
    const life = this.network.lives.of(node.id);
    const { down } = life;
    const signal = AbortSignal.any([call.signal, down]);
    const { first, all } = await split(requests);
    const whole = { ...this.network, node, life, request: first, requests: all, roles, signal };
    const { holds } = this.network;
    await holds.at("before", path, node.machine.name);
    if (signal.aborted) throw unavailable("error reading from server: EOF");
    const answer = await handler(whole);
    if (Symbol.asyncIterator in answer) {
      yield* answer as AsyncIterable<Message>;
      await holds.at("after", path, node.machine.name);
    } else {
      await holds.at("after", path, node.machine.name);
      yield answer;
    }
    if (down.aborted) throw unavailable("error reading from server: EOF");
  }
}

function named(reply: Message, metadata: object): Message {
  if (!Array.isArray(reply.messages)) return { ...reply, metadata };
  const messages = (reply.messages as Message[]).map((message) => ({ ...message, metadata }));
  return { messages };
}

/** The first request, and all of them. */
async function split(requests: AsyncIterable<Message>) {
  const iterator = requests[Symbol.asyncIterator]();
  const result = await iterator.next();
  const first: Message = result.done === true ? {} : result.value;
  async function* all(): AsyncIterable<Message> {
    if (result.done !== true) yield first;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { first, all: all() };
}
