import { stringify } from "yaml";

import { encode, type Message } from "../../api/definition";
import { Channel, onAbort } from "../channel";

/** A resource as a node has it now. */
export interface Item {
  readonly id: string;
  /** Its content, as Talos prints it in YAML; a string is printed as such. */
  readonly spec: unknown;
  /** Its content in protocol buffers: the message's name and the message. @default - none */
  readonly message?: readonly [name: string, message: Message];
  /** @default - a number that rises with every change of the content */
  readonly version?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A resource with the metadata that its history gives it. */
export interface Resource {
  readonly namespace: string;
  readonly type: string;
  readonly id: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
  readonly item: Item;
}

export interface Change {
  readonly kind: "CREATED" | "UPDATED" | "DESTROYED";
  readonly resource: Resource;
  readonly old?: Resource;
}

/** The resources of one node: what was seen of each type, and who watches it. */
export class ResourceState {
  private readonly seen = new Map<string, Map<string, Resource>>();
  private readonly watchers = new Map<string, Set<Channel<Change>>>();

  constructor(private readonly now: () => Date) {}

  /** Types that are watched. */
  get watched(): string[] {
    return [...this.watchers.keys()];
  }

  /** Compares the resources of a type with those seen before, and reports the changes. */
  refresh(namespace: string, type: string, items: readonly Item[]): Resource[] {
    const before = this.seen.get(type) ?? new Map<string, Resource>();
    const after = new Map<string, Resource>();
    const changes: Change[] = [];
    for (const item of items) {
      const old = before.get(item.id);
      const resource = this.next(namespace, type, item, old);
      after.set(item.id, resource);
      if (old === undefined) changes.push({ kind: "CREATED", resource });
      else if (old !== resource) changes.push({ kind: "UPDATED", resource, old });
    }
    for (const [id, resource] of before) {
      if (!after.has(id)) changes.push({ kind: "DESTROYED", resource });
    }
    this.seen.set(type, after);
    for (const watcher of this.watchers.get(type) ?? []) {
      for (const change of changes) watcher.push(change);
    }
    return [...after.values()];
  }

  /** Every change of a type from now on, until the signal is aborted. */
  watch(type: string, signal: AbortSignal): AsyncIterable<Change> {
    const channel = new Channel<Change>();
    const all = this.watchers.get(type) ?? new Set();
    all.add(channel);
    this.watchers.set(type, all);
    onAbort(signal, () => {
      all.delete(channel);
      if (all.size === 0) this.watchers.delete(type);
      channel.end();
    });
    return channel;
  }

  private next(namespace: string, type: string, item: Item, old: Resource | undefined): Resource {
    const now = this.now().getTime();
    if (old === undefined) {
      const version = item.version ?? "1";
      return { namespace, type, id: item.id, version, created: now, updated: now, item };
    }
    const isSame =
      JSON.stringify(item.spec) === JSON.stringify(old.item.spec) &&
      item.version === old.item.version;
    if (isSame) return old;
    const version = item.version ?? String(Number(old.version) + 1);
    return { ...old, version, updated: now, item };
  }
}

/** As COSI sends it. */
export function resourceMessage(resource: Resource): Message {
  const { namespace, type, id, version, created, updated, item } = resource;
  const time = (at: number) => ({
    seconds: Math.floor(at / 1000),
    nanos: Math.floor(at % 1000) * 1_000_000,
  });
  const { message } = item;
  return {
    metadata: {
      namespace,
      type,
      id,
      version,
      owner: "",
      phase: "running",
      created: time(created),
      updated: time(updated),
      annotations: item.annotations ?? {},
    },
    spec: {
      proto_spec: message ? encode("resources", `resources.${message[0]}`, message[1]) : undefined,
      yaml_spec: stringify(item.spec, { lineWidth: 0 }),
    },
  };
}
