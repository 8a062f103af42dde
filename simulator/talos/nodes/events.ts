import { randomBytes } from "node:crypto";

import { encode, type Message } from "../api/definition";
import { Channel, onAbort } from "./channel";

/** How many events a node remembers, as Talos does. */
const REMEMBERED = 1000;

export interface NodeEvent {
  /** Ordered by time, also across boots. */
  readonly id: string;
  /** The id of the call that caused it; empty when none did. */
  readonly actor: string;
  /** "machine.TaskEvent" */
  readonly type: string;
  readonly payload: Message;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface WatchOptions {
  /** How many of the past first; -1: all. @default 0 */
  readonly tail?: number;
  /** All after the event of this id first. */
  readonly after?: string;
  /** All of so many last seconds first. */
  readonly seconds?: number;
  /** Only those of one actor. */
  readonly actor?: string;
}

/** The events of one machine. */
export class EventLog {
  private readonly past: NodeEvent[] = [];
  private readonly watchers = new Set<Channel<NodeEvent>>();

  constructor(private readonly now: () => Date) {}

  publish(type: string, payload: Message, actor = ""): void {
    const at = this.now().getTime();
    const event = { id: eventId(at), actor, type, payload, at };
    this.past.push(event);
    if (this.past.length > REMEMBERED) this.past.shift();
    for (const watcher of this.watchers) watcher.push(event);
  }

  /** Past events as asked for, then every new one until the signal is aborted. */
  async *watch(options: WatchOptions, signal: AbortSignal): AsyncIterable<NodeEvent> {
    const channel = new Channel<NodeEvent>();
    for (const event of this.tail(options)) channel.push(event);
    this.watchers.add(channel);
    const stop = onAbort(signal, () => {
      channel.end();
    });
    try {
      for await (const event of channel) {
        if (options.actor === undefined || event.actor === options.actor) yield event;
      }
    } finally {
      stop();
      this.watchers.delete(channel);
    }
  }

  private tail({ tail = 0, after, seconds }: WatchOptions): NodeEvent[] {
    if (after !== undefined) return this.past.filter(({ id }) => id > after);
    if (seconds !== undefined) {
      const since = this.now().getTime() - 1000 * seconds;
      return this.past.filter(({ at }) => at >= since);
    }
    if (tail === 0) return [];
    return tail < 0 ? [...this.past] : this.past.slice(-tail);
  }
}

/** As Talos sends it. */
export function eventMessage({ id, actor, type, payload }: NodeEvent): Message {
  return {
    data: { type_url: `talos/runtime/${type}`, value: encode("machine", type, payload) },
    id,
    actor_id: actor,
  };
}

const origin = randomBytes(5);
let count = 0;

/** Twelve bytes in base 32: seconds, where it comes from, a counter. */
function eventId(at: number): string {
  count = (count + 1) % 0x1000000;
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(Math.floor(at / 1000), 0);
  origin.copy(bytes, 4);
  bytes.writeUIntBE(count, 9, 3);
  return (BigInt(`0x${bytes.toString("hex")}`) << 4n).toString(32).padStart(20, "0");
}
