import type { Objects } from "../../simulator/main-messages";
import { lookUp, type Sought } from "./console";

/** What the command line's messages ask for, to be done in the next run. */
export class Advice {
  /** Nodes that may go, as a message named them. */
  readonly allowed = new Set<string>();
  /** What the last message asked to look for in the console. */
  private toLookFor: readonly Sought[] = [];

  /** What stands in the way, as a message itself had it: "<address>=<id>". */
  private told: readonly string[] = [];

  heed(words: string): void {
    for (const [, node = ""] of words.matchAll(/--allow ([\w-]+)/g)) this.allowed.add(node);
    const named = [...words.matchAll(/--adopt (\S+)=<id>/g)].map(([, address = ""]) => address);
    const isThere = /^ {2}(\w+\.\w+)(?: {2}(?:of )?(.+))?$/gm;
    const names = new Map([...words.matchAll(isThere)].map(([, address, name]) => [address, name]));
    this.toLookFor = named.map((address) => ({ address, name: names.get(address) ?? "" }));
    // What was looked up already: the first, of several, that is not another's by now.
    const found = new Map<string, string>();
    const taken = new Set<string>();
    for (const [, address = "", id = ""] of words.matchAll(/--adopt (\S+)=(?!<id>|none)(\S+)/g)) {
      if ((found.get(address) ?? "none") !== "none") continue;
      found.set(address, taken.has(id) ? "none" : id);
      taken.add(id);
    }
    this.told = [...found].map(([address, id]) => `${address}=${id}`);
  }

  /** Looks into the cloud's console for it: "<address>=<id>" of what is there and no state knows. */
  found(objects: Objects, ids: ReadonlyMap<string, string>): string[] {
    const seen = lookUp(objects, this.toLookFor, new Set(ids.values()));
    const absent = this.toLookFor
      .filter(({ address }) => !seen.has(address))
      .map(({ address }) => `${address}=none`);
    return [...[...seen].map(([address, id]) => `${address}=${id}`), ...this.told, ...absent];
  }
}
