import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../clock";
import type { CloudFactory, SimulatedCloud } from "../../clouds";
import {
  Refusal,
  UNKNOWN,
  isUnknown,
  type Diagnostic,
  type SchemaBlock,
  type Values,
} from "../../protocol/model";
import { differ } from "../../protocol/differences";
import { plan } from "../../protocol/planning";
import { typeOfBlock } from "../../protocol/types";
import { encode } from "../../protocol/wire";
import { Store } from "../../store";
import type { World } from "../../world";

/** A configuration: arguments by name, blocks as objects or lists of them. */
export type Config = Values;

const directories: string[] = [];

export function removeDirectories(): void {
  for (const directory of directories.splice(0))
    rmSync(directory, { recursive: true, force: true });
}

/** One cloud with its provider's models, called directly: as tofu would, without the wire. */
export class Cloud {
  readonly clock: Clock;
  readonly store: Store;
  /** What the cloud knows of what is around it. */
  readonly world: World;
  readonly warnings: string[] = [];
  private readonly parts: SimulatedCloud;

  constructor(
    private readonly factory: CloudFactory,
    options: object = {},
    timeScale = 0,
    private readonly directory = mkdtempSync(join(tmpdir(), "cloud-")),
  ) {
    directories.push(directory);
    this.clock = new Clock(timeScale);
    this.store = new Store(join(directory, "store.json"));
    this.world = { store: this.store, clock: this.clock };
    this.parts = factory(this.world, { lookalikeImages: false, ...options });
  }

  /** The same cloud, read again from its storage. */
  restarted(): Cloud {
    this.store.flush();
    return new Cloud(this.factory, {}, this.clock.timeScale, this.directory);
  }

  machines() {
    return this.parts.cloud.machines();
  }

  validate(type: string, config: Config): Diagnostic[] {
    return this.model(type).validate?.(this.complete(type, config)) ?? [];
  }

  /** A plan's values, and the paths that force a replacement. */
  plan(type: string, given: Config, prior: Values | null = null) {
    const config = this.complete(type, given);
    const schema = this.schema(type);
    const proposed = prior === null ? config : merged(schema, config, prior);
    const { planned, requiresReplace } = plan(schema, this.model(type), {
      prior,
      config,
      proposed,
      warn: (summary) => void this.warnings.push(summary),
    });
    return {
      planned,
      config,
      replacedBy: requiresReplace.map((path) => path.join(".")),
      isEmpty: prior !== null && !differ(schema, prior, planned),
    };
  }

  async create(type: string, given: Config, wait = () => Promise.resolve()): Promise<Values> {
    const { planned, config } = this.plan(type, given);
    return this.model(type).create(planned, this.context(config, wait));
  }

  async update(
    type: string,
    prior: Values,
    given: Config,
    wait = () => Promise.resolve(),
  ): Promise<Values> {
    const { planned, config } = this.plan(type, given, prior);
    const state = await this.model(type).update?.(prior, planned, this.context(config, wait));
    if (state === undefined) throw new Error(`${type} has no update`);
    return state;
  }

  read(type: string, state: Values) {
    return this.model(type).read(state, this.context(state));
  }

  async delete(type: string, state: Values, wait = () => Promise.resolve()): Promise<void> {
    await this.model(type).delete(state, this.context(state, wait));
  }

  async import(type: string, id: string) {
    const state = this.model(type).import?.(id);
    return state && this.read(type, this.complete(type, state));
  }

  data(type: string, given: Config): Values {
    const model = this.parts.provider.dataSources[type];
    const schema = this.parts.provider.schema.data_source_schemas?.[type]?.block;
    if (model === undefined || schema === undefined) throw new Error(`no data source ${type}`);
    const read = model.read(complete(schema, given), this.context({})) as Values;
    // Throws where it does not match the schema.
    encode(typeOfBlock(schema), read);
    return read;
  }

  private context(
    config: Values,
    wait: (milliseconds: number) => Promise<void> = () => Promise.resolve(),
  ) {
    const warn = (summary: string) => void this.warnings.push(summary);
    return { config, wait, warn, exists: () => undefined };
  }

  private model(type: string) {
    const model = this.parts.provider.resources[type];
    if (model === undefined) throw new Error(`no resource ${type}`);
    return model;
  }

  private schema(type: string): SchemaBlock {
    const schema = this.parts.provider.schema.resource_schemas?.[type]?.block;
    if (schema === undefined) throw new Error(`no schema of ${type}`);
    return schema;
  }

  private complete(type: string, config: Config): Values {
    return complete(this.schema(type), config);
  }
}

/** The refusal's message. Fails when nothing was refused. */
export async function refusal(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Refusal) return [error.summary, error.detail ?? ""].join("\n").trim();
    throw error;
  }
  throw new Error("It was not refused.");
}

export function text(values: Values, name: string): string {
  const value = values[name];
  if (typeof value !== "string") throw new Error(`${name} is ${JSON.stringify(value)}`);
  return value;
}

function complete(schema: SchemaBlock, config: Config): Values {
  const values: Values = {};
  for (const name of Object.keys(schema.attributes ?? {})) values[name] = config[name] ?? null;
  for (const [name, { block, nesting_mode: nesting }] of Object.entries(schema.block_types ?? {})) {
    const given = config[name] ?? null;
    const items = given === null ? [] : Array.isArray(given) ? given : [given];
    if (nesting === "single") values[name] = given && complete(block, given as Config);
    else if (isUnknown(given)) values[name] = UNKNOWN;
    else values[name] = items.map((item) => complete(block, item as Config));
  }
  return values;
}

/** As tofu proposes: the configuration, with the prior state's computed values where it has none. */
function merged(schema: SchemaBlock, config: Values, prior: Values): Values {
  const result: Values = {};
  for (const [name, attribute] of Object.entries(schema.attributes ?? {}))
    result[name] = config[name] ?? (attribute.computed ? (prior[name] ?? null) : null);
  for (const [name, { block, nesting_mode }] of Object.entries(schema.block_types ?? {})) {
    const items = config[name] ?? null;
    const before = nesting_mode === "list" ? prior[name] : [];
    result[name] = Array.isArray(items)
      ? items.map((item, index) => {
          const old = Array.isArray(before) ? before[index] : undefined;
          return merged(block, item as Values, (old ?? {}) as Values);
        })
      : items;
  }
  return result;
}
