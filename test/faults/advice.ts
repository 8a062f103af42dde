import type { Objects } from "../../simulator/main-messages";
import { lookUp, type Sought } from "./console";

/** Instructions of the command line's messages, to follow in the next run. */
export class Advice {
  /** Nodes that may be replaced, as a message named them. */
  readonly allowed = new Set<string>();
  /** What the last message asked to look for in the console. */
  private sought: readonly Sought[] = [];

  /** Suspected orphans, as a message itself named them: "<address>=<id>". */
  private suspects: readonly string[] = [];

  read(printed: string): void {
    for (const [, node = ""] of printed.matchAll(/--allow ([\w-]+)/g)) this.allowed.add(node);
    const named = [...printed.matchAll(/--adopt (\S+)=<id>/g)].map(([, address = ""]) => address);
    const isThere = /^ {2}(\w+\.\w+)(?: {2}(?:of )?(.+))?$/gm;
    const names = new Map(
      [...printed.matchAll(isThere)].map(([, address, name]) => [address, name]),
    );
    this.sought = named.map((address) => ({ address, name: names.get(address) ?? "" }));
    // What was looked up already, without those whose id now belongs to another resource.
    const found = new Map<string, string>();
    const taken = new Set<string>();
    for (const [, address = "", id = ""] of printed.matchAll(/--adopt (\S+)=(?!<id>|none)(\S+)/g)) {
      if ((found.get(address) ?? "none") !== "none") continue;
      found.set(address, taken.has(id) ? "none" : id);
      taken.add(id);
    }
    this.suspects = [...found].map(([address, id]) => `${address}=${id}`);
  }

  /** Looks for it in the cloud's console: "<address>=<id>" of objects that no state has. */
  found(objects: Objects, ids: ReadonlyMap<string, string>): string[] {
    const seen = lookUp(objects, this.sought, new Set(ids.values()));
    const absent = this.sought
      .filter(({ address }) => !seen.has(address))
      .map(({ address }) => `${address}=none`);
    return [...[...seen].map(([address, id]) => `${address}=${id}`), ...this.suspects, ...absent];
  }
}
