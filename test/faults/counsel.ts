import type { Objects } from "../../simulator/main-messages";
import { lookUp, type Sought } from "./console";

/** What the command line's messages ask for, to be done in the next run. */
export class Counsel {
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
    // OpenStack's own words: it is there, and this is its id.
    const exists = /^(\w+\.\w+): .*already exists\. Rule id is ([\w-]+)/gm;
    this.told = [...words.matchAll(exists)].map(
      ([, address, id]) => `${address ?? ""}=${id ?? ""}`,
    );
  }

  /** Looks into the cloud's console for it: "<address>=<id>" of what is there and no state knows. */
  found(objects: Objects, ids: ReadonlyMap<string, string>): string[] {
    const seen = lookUp(objects, this.toLookFor, new Set(ids.values()));
    return [...new Set([...[...seen].map(([address, id]) => `${address}=${id}`), ...this.told])];
  }
}
