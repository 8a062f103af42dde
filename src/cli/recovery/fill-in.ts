import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isObject, type ResourceValues } from "../../../constructs/model/resource-values";
import { packageRoot } from "../../../simulator/package-root";
import type { ProviderSchema } from "../../../simulator/protocol/model";
import type { ShownPlan } from "../../tofu/show-json";
import type { StateFile, StateResource } from "../../tofu/state-file";
import type { Cluster } from "../cluster/cluster";
import { appliedValues, Configuration } from "./configuration";
import { type Planned, plannedValues } from "../plan/planned-values";
import { privateWithTimeouts } from "./private-timeouts";
import { newlySensitive } from "./sensitive-paths";
import { changeState, withTypes } from "../cluster/change-state";
import type { ScratchWorkspace } from "./scratch-workspace";

/** What a recovery has added to the state: addresses. */
interface Recovered {
  readonly imported: readonly string[];
  /** What cannot be imported, with its id. */
  readonly written: readonly { readonly address: string; readonly id: string }[];
  /** Those whose creation has failed in the cloud, as far as a look-up knows. */
  readonly failed: readonly string[];
}

/**
 * An import knows what the cloud's API returns. What it does not return (a boot document, hints for
 * the scheduler, a disk's first size, the port in a machine's network) would count as a change, and
 * replace the machine that was just created. So it is taken from the plan by which the resource was
 * created, as its creation would have done, and references that were unknown then from a current
 * plan; what the API does return is read again in the next plan. Its dependencies are recorded too,
 * since tofu derives the order of a destruction from them. So are its timeouts, where its provider
 * keeps them in the private data.
 *
 * What cannot be imported is written in the same way, by the journal's id, where the state has
 * another of its type as a template. If that lacks anything of its configuration it is removed
 * again: the provider could not find it.
 *
 * What has failed in the cloud is marked as tofu marks a failed creation: it is replaced.
 * @returns addresses of what was written
 */
export async function fillIn(
  cluster: Cluster,
  workspace: ScratchWorkspace,
  { imported, written, failed }: Recovered,
): Promise<string[]> {
  if (imported.length + written.length === 0) return [];
  const configuration = Configuration.of(cluster);
  const wanted = [...imported, ...written.map(({ address }) => address)];
  const isWanted = (address: string) => wanted.includes(address);
  const atBirth = await appliedValues(cluster);
  await changeState(cluster, (state) => {
    for (const { address, id } of written) addAlike(state, address, id);
    taint(cluster, state, imported, failed);
    fill(state, isWanted, atBirth, () => true);
    for (const { type, name, instances } of state.resources) {
      const address = `${type}.${name}`;
      if (!isWanted(address)) continue;
      for (const instance of instances) {
        instance.dependencies = configuration.dependenciesOf(address);
        if (cluster.cloud.recovery[type]?.sdk === "framework") continue;
        instance.private = privateWithTimeouts(instance, configuration.timeoutsOf(address));
      }
    }
  });

  const file = join(cluster.scratch, "filling.plan");
  try {
    const { code } = await workspace.run("plan", "-refresh=false", `-out=${file}`);
    // When the plan fails, the one that follows reports why.
    const plan: ShownPlan = code === 0 ? await cluster.shownPlan(file) : {};
    const now = plannedValues(plan);
    let kept: string[] = [];
    await changeState(cluster, (state) => {
      fill(state, isWanted, now, isEmpty);
      markSensitive(state, isWanted, plan);
      kept = dropIncomplete(
        state,
        written.map(({ address }) => address),
        workspace.resources,
      );
    });
    return kept;
  } finally {
    rmSync(file, { force: true });
  }
}

/** By what the import has read, before it is filled in. */
function taint(
  { cloud }: Cluster,
  { resources }: StateFile,
  imported: readonly string[],
  failed: readonly string[],
): void {
  for (const { type, name, instances } of resources) {
    const address = `${type}.${name}`;
    if (!imported.includes(address)) continue;
    const check = cloud.recovery[type]?.hasFailed;
    for (const instance of instances) {
      if (failed.includes(address) || check?.(instance.attributes) === true) {
        instance.status = "tainted";
      }
    }
  }
}

function fill(
  { resources }: StateFile,
  isWanted: (address: string) => boolean,
  planned: ReadonlyMap<string, Planned>,
  isOpen: (value: unknown) => boolean,
): void {
  for (const { mode, type, name, instances } of resources) {
    const values = planned.get(`${type}.${name}`);
    if (mode !== "managed" || values === undefined || !isWanted(`${type}.${name}`)) continue;
    const known = withTypes(type, values.known);
    for (const instance of instances) {
      const { attributes } = instance;
      const whole = Object.entries(known).map(([attribute, value]) => [
        attribute,
        isOpen(attributes[attribute]) ? value : filled(attributes[attribute], value),
      ]);
      const parts = Object.entries(values.partly).map(([attribute, part]) => [
        attribute,
        filled(attributes[attribute], part),
      ]);
      instance.attributes = {
        ...attributes,
        ...Object.fromEntries([...whole, ...parts]),
      } as ResourceValues;
    }
  }
}

function markSensitive(
  { resources }: StateFile,
  isWanted: (address: string) => boolean,
  { resource_changes: changes = [] }: ShownPlan,
): void {
  for (const { address, change } of changes) {
    const [type, name] = address.split(".");
    const one = resources.find((other) => other.type === type && other.name === name);
    if (one?.mode !== "managed" || !isWanted(address)) continue;
    const paths = newlySensitive(change.before_sensitive, change.after_sensitive);
    for (const instance of one.instances) {
      instance.sensitive_attributes = [...(instance.sensitive_attributes ?? []), ...paths];
    }
  }
}

/** A value with its missing parts filled in from another, at every depth; existing parts stay. */
export function filled(value: unknown, from: unknown): unknown {
  if (isEmpty(value) && !isStructure(from)) return isEmpty(from) ? value : from;
  if (Array.isArray(value) && Array.isArray(from) && value.length === from.length) {
    return value.map((part: unknown, index): unknown => {
      const other: unknown = from[index];
      // Elements of a set come in any order: only what may be the same element is filled in.
      return agree(part, other) ? filled(part, other) : part;
    });
  }
  if (!isObject(value) || !isObject(from)) return value;
  const parts = Object.entries(from).map(([name, part]) => [name, filled(value[name], part)]);
  return { ...value, ...Object.fromEntries(parts) } as ResourceValues;
}

/** Whether two values agree wherever both are set. */
function agree(value: unknown, other: unknown): boolean {
  if (isEmpty(value) || isEmpty(other)) return true;
  if (Array.isArray(value) && Array.isArray(other)) {
    return value.length === other.length && value.every((part, index) => agree(part, other[index]));
  }
  if (!isObject(value) || !isObject(other)) return value === other;
  return Object.keys(value).every((name) => agree(value[name], other[name]));
}

function isStructure(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** An entry with only the id, with the attributes of the pinned provider. */
function addAlike(state: StateFile, address: string, id: string): void {
  const [type = "", name = ""] = address.split(".");
  const ofProvider = state.resources.find(
    (other) => other.mode === "managed" && providerOf(other.type) === providerOf(type),
  );
  const schema = pinnedSchema(providerOf(type))?.resource_schemas?.[type];
  if (ofProvider === undefined || schema === undefined) return;
  const { attributes = {}, block_types: blocks = {} } = schema.block;
  const names = [...Object.keys(attributes), ...Object.keys(blocks)];
  const known = { ...Object.fromEntries(names.map((one) => [one, null])), id };
  state.resources.push({
    ...ofProvider,
    type,
    name,
    instances: [{ schema_version: schema.version, attributes: known }],
  });
}

/** "outscale" of "outscale_vm" */
function providerOf(type: string): string {
  return type.split("_")[0] ?? "";
}

function pinnedSchema(provider: string): ProviderSchema | undefined {
  const file = join(packageRoot(), "bindings", provider, "schema.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ProviderSchema) : undefined;
}

/** @returns those of the addresses that stay */
function dropIncomplete(
  state: StateFile,
  addresses: readonly string[],
  configured: ScratchWorkspace["resources"],
): string[] {
  const isWhole = ({ type, name, instances }: StateResource) => {
    const wanted = Object.keys(configured[type]?.[name] ?? {});
    return instances.every(({ attributes }) =>
      wanted.every((attribute) => !(attribute in attributes) || !isEmpty(attributes[attribute])),
    );
  };
  const isTheirs = ({ mode, type, name }: StateResource) =>
    mode === "managed" && addresses.includes(`${type}.${name}`);
  state.resources = state.resources.filter((one) => !isTheirs(one) || isWhole(one));
  return state.resources.filter(isTheirs).map(({ type, name }) => `${type}.${name}`);
}

/** The form in which an import leaves what the API does not return. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}
