import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster";
import { appliedPlanName } from "./fill-in";
import type { StateView } from "./state-view";

type Block = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** Under the folder that the command line remembers in: what the journal's run applied. */
const appliedName = "applied.tf.json";

/** Remembers what is applied now, for a run after it that has to know. */
export function rememberConfiguration(cluster: Cluster): void {
  copyFileSync(join(cluster.stackFolder, "cdk.tf.json"), join(cluster.memory, appliedName));
  copyFileSync(join(cluster.memory, "plan"), join(cluster.memory, appliedPlanName));
}

/** The file with what the journal's run applied; where there is none, with what is configured now. */
export function appliedConfiguration(cluster: Cluster): string {
  const applied = join(cluster.memory, appliedName);
  return existsSync(applied) ? applied : join(cluster.stackFolder, "cdk.tf.json");
}

/** The synthesized resources: those of now, and those of the run that left something behind. */
export class Configuration {
  private constructor(
    private readonly now: Resources,
    private readonly then: Resources,
  ) {}

  static of(cluster: Cluster): Configuration {
    return new Configuration(
      resourcesIn(join(cluster.stackFolder, "cdk.tf.json")),
      resourcesIn(appliedConfiguration(cluster)),
    );
  }

  /** As text, with a reference to another resource resolved by the state or by ids that are known. */
  attribute(
    address: string,
    name: string,
    state: StateView,
    ids: ReadonlyMap<string, string>,
  ): string | undefined {
    const value = this.block(address)?.[name];
    if (typeof value === "number") return String(value);
    if (typeof value !== "string") return undefined;
    const unknown: string[] = [];
    const text = value.replaceAll(
      /\$\{(\w+\.\w+)\.(\w+)\}/g,
      (_all, other: string, part: string) => {
        // What names a resource by an id of its type is its id.
        const known =
          state.attribute(other, part) ??
          (part.endsWith("id") ? ids.get(other) : this.attribute(other, part, state, ids));
        if (known === undefined) unknown.push(part);
        return known ?? "";
      },
    );
    return unknown.length === 0 && !text.includes("${") ? text : undefined;
  }

  /** What the cloud's console shows a resource as, where it has a name. */
  nameOf(address: string): string | undefined {
    const block = this.block(address);
    const tags = block?.["tags"];
    const tagged = Array.isArray(tags) ? (tags as { key?: string; value?: string }[]) : [];
    const name = block?.["name"] ?? tagged.find(({ key }) => key === "Name")?.value;
    return typeof name === "string" && !name.includes("${") ? name : undefined;
  }

  /** Names of its attributes, where it is configured. */
  attributesOf(address: string): readonly string[] {
    return Object.keys(this.block(address) ?? {});
  }

  private block(address: string): Block | undefined {
    return find(this.now, address) ?? find(this.then, address);
  }
}

export function resourcesIn(file: string): Resources {
  const { resource } = JSON.parse(readFileSync(file, "utf8")) as { resource: Resources };
  return resource;
}

function find(resources: Resources, address: string): Block | undefined {
  const [type = "", name = ""] = address.split(".");
  return resources[type]?.[name];
}
