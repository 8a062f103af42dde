import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster";
import type { SavedPlan } from "../plan/make-plan";
import type { Planned } from "../plan/planned-values";
import { secretsAddress, secretsAttribute, unsealValues } from "../plan/sealed-values";
import { StateView } from "./state-view";

type Block = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** Under the folder that the command line remembers in: what the journal's run applied. */
const appliedName = "applied.tf.json";
/** Beside it: what that run had planned, for whoever has the state. */
const appliedValuesName = "applied.values";

/** Another resource, or a data source, in an expression or among depends_on. */
const mention = /\b(?:data\.)?[a-z]\w*\.[a-z]\w*/g;

/** Remembers what is applied now, for a run after it that has to know. */
export function rememberConfiguration(cluster: Cluster, plan: SavedPlan): void {
  copyFileSync(plan.configuration, join(cluster.memory, appliedName));
  const values = join(cluster.memory, appliedValuesName);
  if (plan.sealedValues === undefined) rmSync(values, { force: true });
  else writeFileSync(values, plan.sealedValues, { mode: 0o600 });
}

/** What the journal's run had planned, by address; nothing where that is not known any more. */
export async function appliedValues(cluster: Cluster): Promise<ReadonlyMap<string, Planned>> {
  const file = join(cluster.memory, appliedValuesName);
  if (!existsSync(file)) return new Map();
  const secrets = (await StateView.of(cluster)).values(secretsAddress)?.[secretsAttribute];
  return unsealValues(readFileSync(file), secrets) ?? new Map();
}

/** The file with what the journal's run applied; where there is none, with what is configured now. */
export function appliedConfiguration(cluster: Cluster): string {
  const applied = join(cluster.memory, appliedName);
  return existsSync(applied) ? applied : join(cluster.stackFolder, "cdk.tf.json");
}

/** "${scaleway_lb.api.id}" */
const reference = /\$\{(\w+\.\w+)\.(\w+)\}/g;
const wholeReference = /^\$\{(\w+\.\w+)\.(\w+)\}$/;

/** What a reference is resolved by. */
export interface Known {
  readonly state: StateView;
  /** Ids of what the state lost, by address. */
  readonly ids: ReadonlyMap<string, string>;
  /** What the journal's run had planned. */
  readonly planned: (address: string) => Block | undefined;
}

/** What an attribute of a resource takes the id of. */
const identity = /_id":"\$\{(\w+\.\w+)\.\w+\}"/g;

/** The synthesized resources: those of now, and those of the run that left something behind. */
export class Configuration {
  private constructor(
    private readonly now: Resources,
    private readonly then: Resources,
  ) {}

  static of(cluster: Cluster): Configuration {
    return new Configuration(
      allIn(join(cluster.stackFolder, "cdk.tf.json")),
      allIn(appliedConfiguration(cluster)),
    );
  }

  /** As text; undefined where it is not known. */
  attribute(address: string, name: string, known: Known): string | undefined {
    const value = this.value(address, name, known);
    if (typeof value === "number") return String(value);
    return typeof value === "string" ? value : undefined;
  }

  /** With references to other resources resolved by what is known, at every depth; undefined where one is not. */
  value(address: string, name: string, known: Known): unknown {
    return this.resolved(this.block(address)?.[name], known) ?? known.planned(address)?.[name];
  }

  private resolved(value: unknown, known: Known): unknown {
    if (Array.isArray(value)) {
      const parts = value.map((part) => this.resolved(part, known));
      return parts.includes(undefined) ? undefined : parts;
    }
    if (typeof value === "object" && value !== null) {
      const parts = Object.entries(value).map(
        ([name, part]) => [name, this.resolved(part, known)] as const,
      );
      return parts.some(([, part]) => part === undefined) ? undefined : Object.fromEntries(parts);
    }
    if (typeof value !== "string") return value;
    const [, address, part] = wholeReference.exec(value) ?? [];
    if (address !== undefined && part !== undefined) return this.referred(address, part, known);
    const texts = [...value.matchAll(reference)].map(([, other = "", name = ""]) =>
      this.referred(other, name, known),
    );
    if (!texts.every((text) => typeof text === "string" || typeof text === "number"))
      return undefined;
    const text = value.replaceAll(reference, () => String(texts.shift()));
    return text.includes("${") ? undefined : text;
  }

  private referred(address: string, name: string, known: Known): unknown {
    const inState = known.state.values(address)?.[name];
    if (inState !== undefined && inState !== null) return inState;
    // What names a resource by an id of its type is its id.
    return name.endsWith("id") ? known.ids.get(address) : this.value(address, name, known);
  }

  /** "10m" by "create" and the like. */
  timeoutsOf(address: string): Readonly<Record<string, string>> {
    return (this.block(address)?.["timeouts"] ?? {}) as Readonly<Record<string, string>>;
  }

  /** What it is a part of and the state has: what it names by an id. */
  isPartOfKnown(address: string, state: StateView): boolean {
    const whole = [...JSON.stringify(this.block(address) ?? {}).matchAll(identity)];
    return whole.some(([, other = ""]) => state.has(other));
  }

  /** All that a resource hangs on, over any number of steps, as a state notes it for its destruction. */
  dependenciesOf(address: string): string[] {
    const found = new Set<string>();
    const follow = (from: string) => {
      for (const [other] of JSON.stringify(this.block(from) ?? {}).matchAll(mention)) {
        if (found.has(other) || other === address || this.block(other) === undefined) continue;
        found.add(other);
        follow(other);
      }
    };
    follow(address);
    return [...found].sort();
  }

  /** What the cloud's console shows a resource as: its name or description, else what it is a part of. */
  nameOf(address: string): string | undefined {
    const whole = [...JSON.stringify(this.block(address) ?? {}).matchAll(identity)]
      .map(([, other = ""]) => this.ownNameOf(other))
      .filter((name) => name !== undefined);
    const part = whole.length === 0 ? undefined : `of ${[...new Set(whole)].join(" and ")}`;
    return this.ownNameOf(address) ?? part;
  }

  private ownNameOf(address: string): string | undefined {
    const block = this.block(address);
    const tags = block?.["tags"];
    const tagged = Array.isArray(tags) ? (tags as { key?: string; value?: string }[]) : [];
    const name =
      block?.["name"] ?? tagged.find(({ key }) => key === "Name")?.value ?? block?.["description"];
    return typeof name === "string" && !name.includes("${") ? name : undefined;
  }

  private block(address: string): Block | undefined {
    return find(this.now, address) ?? find(this.then, address);
  }
}

/** Every managed resource in a file of configuration, by type and name. */
export function resourcesIn(file: string): Resources {
  return read(file).resource;
}

function allIn(file: string): Resources {
  const { resource, data = {} } = read(file);
  const sources = Object.entries(data).map(([type, named]) => [`data.${type}`, named] as const);
  return { ...resource, ...Object.fromEntries(sources) };
}

function read(file: string): { readonly resource: Resources; readonly data?: Resources } {
  return JSON.parse(readFileSync(file, "utf8")) as { resource: Resources; data?: Resources };
}

function find(resources: Resources, address: string): Block | undefined {
  const [, type = "", name = ""] = /^(.*)\.(\w+)$/.exec(address) ?? [];
  return resources[type]?.[name];
}
