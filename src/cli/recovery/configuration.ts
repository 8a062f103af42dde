import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster";
import type { SavedPlan } from "../plan/make-plan";
import type { Planned } from "../plan/planned-values";
import { secretsAddress, secretsAttribute } from "../../state/cluster-secrets";
import { unsealValues } from "../plan/sealed-values";
import { StateView } from "./state-view";

type Block = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** In the command line's directory: the configuration that the journal's run applied. */
const appliedName = "applied.tf.json";
/** Beside it: that run's planned values, readable only with the state. */
const appliedValuesName = "applied.values";

/** A reference to another resource, or a data source, in an expression or in depends_on. */
const mention = /\b(?:data\.)?[a-z]\w*\.[a-z]\w*/g;

/** Saves the configuration that is being applied, for a later run that has to recover. */
export function rememberConfiguration(cluster: Cluster, plan: SavedPlan): void {
  rememberApplied(cluster, readFileSync(plan.configuration, "utf8"), plan.sealedValues);
}

/** @param values The planned values, encrypted; undefined where nothing is created */
export function rememberApplied(
  cluster: Cluster,
  configuration: string,
  values: Buffer | undefined,
): void {
  writeFileSync(join(cluster.memory, appliedName), configuration, { mode: 0o600 });
  const file = join(cluster.memory, appliedValuesName);
  if (values === undefined) rmSync(file, { force: true });
  else writeFileSync(file, values, { mode: 0o600 });
}

/** The planned values of the journal's run, by address; empty where they are not known any more. */
export async function appliedValues(cluster: Cluster): Promise<ReadonlyMap<string, Planned>> {
  const file = join(cluster.memory, appliedValuesName);
  if (!existsSync(file)) return new Map();
  const secrets = (await StateView.of(cluster)).values(secretsAddress)?.[secretsAttribute];
  return unsealValues(readFileSync(file), secrets) ?? new Map();
}

/** The file with the configuration of the journal's run; where there is none, the current one. */
export function appliedConfiguration(cluster: Cluster): string {
  const applied = join(cluster.memory, appliedName);
  return existsSync(applied) ? applied : join(cluster.stackDirectory, "cdk.tf.json");
}

/** "${scaleway_lb.api.id}" */
const reference = /\$\{(\w+\.\w+)\.(\w+)\}/g;
const wholeReference = /^\$\{(\w+\.\w+)\.(\w+)\}$/;

/** Sources of a reference's value. */
export interface Known {
  readonly state: StateView;
  /** Ids of what the state lost, by address. */
  readonly ids: ReadonlyMap<string, string>;
  /** The planned values of the journal's run. */
  readonly planned: (address: string) => Block | undefined;
}

/** The resource whose id an attribute has. */
const identity = /_id":"\$\{(\w+\.\w+)\.\w+\}"/g;

/** The synthesized resources: the current ones, and those of the interrupted run. */
export class Configuration {
  private constructor(
    private readonly now: Resources,
    private readonly then: Resources,
  ) {}

  static of(cluster: Cluster): Configuration {
    return new Configuration(
      allIn(join(cluster.stackDirectory, "cdk.tf.json")),
      allIn(appliedConfiguration(cluster)),
    );
  }

  /** As a string; undefined where it is not known. */
  attribute(address: string, name: string, known: Known): string | undefined {
    const value = this.value(address, name, known);
    if (typeof value === "number") return String(value);
    return typeof value === "string" ? value : undefined;
  }

  /** With references to other resources resolved, at every depth; undefined where one is not known. */
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
    const strings = [...value.matchAll(reference)].map(([, other = "", name = ""]) =>
      this.referred(other, name, known),
    );
    if (!strings.every((text) => typeof text === "string" || typeof text === "number"))
      return undefined;
    const text = value.replaceAll(reference, () => String(strings.shift()));
    return text.includes("${") ? undefined : text;
  }

  private referred(address: string, name: string, known: Known): unknown {
    const inState = known.state.values(address)?.[name];
    if (inState !== undefined && inState !== null) return inState;
    // A reference to an id of another resource stands for that resource.
    return name.endsWith("id") ? known.ids.get(address) : this.value(address, name, known);
  }

  /** "10m" by "create" and the like. */
  timeoutsOf(address: string): Readonly<Record<string, string>> {
    return (this.block(address)?.["timeouts"] ?? {}) as Readonly<Record<string, string>>;
  }

  /** The resource in the state that it is a part of, by an id in its arguments. */
  isPartOfKnown(address: string, state: StateView): boolean {
    const whole = [...JSON.stringify(this.block(address) ?? {}).matchAll(identity)];
    return whole.some(([, other = ""]) => state.has(other));
  }

  /**
   * Everything that the resource depends on, directly or not, in the state's form, for the order of
   * its destruction.
   */
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

  /** The resource's name in the cloud's console: its name or description, otherwise that of its parent. */
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

/** Every managed resource in a configuration file, by type and name. */
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
