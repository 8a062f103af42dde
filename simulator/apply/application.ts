import type { Clock } from "../clock";
import { ChangingCall, RunningCall } from "../protocol/running-call";
import { known } from "../protocol/applying";
import {
  Refusal,
  type ProviderModel,
  type SchemaBlock,
  type Value,
  type Values,
} from "../protocol/model";
import { addressOf, type ExistingResource } from "../reachability/resources";
import { plan } from "../protocol/planning";
import { clone, isValues } from "../protocol/values";
import { configured } from "./configuration";
import { evaluate } from "./evaluation";
import { type Expression, parseText } from "./syntax";

/** A stack, as `cdk.tf.json` has it. */
export interface Stack {
  /** By local name: one block, or a list of blocks. */
  readonly provider?: Readonly<Record<string, readonly Values[]>>;
  readonly resource?: Objects;
  readonly data?: Objects;
  readonly locals?: Values;
  readonly variable?: Readonly<Record<string, { readonly default?: Value }>>;
}

/** By type, then by name. */
type Objects = Readonly<Record<string, Readonly<Record<string, Values>>>>;

/** A resource or data source after an apply. */
export interface AppliedResource extends ExistingResource {
  /** The arguments: a string of which a state keeps only a hash is still readable here. */
  readonly config: Values;
}

/** Meta-arguments: read by tofu, not passed to the provider. */
const metaArguments = new Set(["depends_on", "lifecycle", "provider", "provisioner", "connection"]);

/**
 * Applies a stack to simulated providers without tofu, in one process and in milliseconds: the
 * resources of one cloud, and whatever they refer to. Opens no connection and writes no file.
 */
export class DirectApplication {
  private readonly applied = new Map<string, Promise<AppliedResource>>();
  private readonly strings = new Map<string, Expression>();
  private readonly locals = new Map<string, Promise<Value>>();

  constructor(
    private readonly stack: Stack,
    private readonly providers: readonly ProviderModel[],
    private readonly clock: Clock,
    given: readonly AppliedResource[] = [],
  ) {
    for (const one of given) this.applied.set(addressOf(one), Promise.resolve(one));
  }

  /**
   * @param cloud The cloud whose resources are created, in the order of their dependencies
   * @returns Those resources and everything that they refer to
   * @throws Refusal with the provider's message; UnknownSyntax for an expression that this project
   * does not use
   */
  async apply(cloud: ProviderModel): Promise<AppliedResource[]> {
    await this.configure(cloud);
    for (const [type, objects] of Object.entries(this.stack.resource ?? {})) {
      if (!Object.hasOwn(cloud.resources, type)) continue;
      for (const name of Object.keys(objects)) await this.resource(type, name);
    }
    return Promise.all(this.applied.values());
  }

  /** @throws Error with the provider's message */
  private async configure(provider: ProviderModel): Promise<void> {
    const [, name = ""] = provider.source.split("/");
    const [written = {}] = this.stack.provider?.[name] ?? [];
    const { block } = provider.schema.provider;
    const problems = provider.configure?.(configured(block, await this.arguments(written))) ?? [];
    const [error] = problems.filter(({ severity }) => severity === "error");
    if (error !== undefined) throw new Refusal(error.summary, error.detail);
  }

  private resource(type: string, name: string): Promise<AppliedResource> {
    const one = { mode: "managed", type, name } as const;
    return this.once(one, async () => {
      const written = this.stack.resource?.[type]?.[name] ?? {};
      for (const needed of dependencies(written)) {
        const [neededType = "", neededName = ""] = needed.split(".");
        await this.resource(neededType, neededName);
      }
      if (type === "terraform_data") return { ...one, ...(await this.builtIn(written)) };
      const provider = this.provider(type, "resources");
      const block = blockOf(provider.schema.resource_schemas, type);
      const model = provider.resources[type];
      if (model === undefined) throw new Error(`No simulated provider has ${type}`);
      const config = configured(block, await this.arguments(written));
      const { planned } = plan(block, model, { prior: null, config, proposed: config });
      const call = new ChangingCall(new RunningCall(this.clock), config);
      const values = known(block, await model.create(clone(planned) as Values, call), type);
      return { ...one, config, values };
    });
  }

  /** tofu's own resource, which no provider has. */
  private async builtIn(written: Values): Promise<Pick<AppliedResource, "config" | "values">> {
    const config = await this.arguments(written);
    return { config, values: { ...config, output: config.input ?? null } };
  }

  private data(type: string, name: string): Promise<AppliedResource> {
    const one = { mode: "data", type, name } as const;
    return this.once(one, async () => {
      const provider = this.provider(type, "dataSources");
      const block = blockOf(provider.schema.data_source_schemas, type);
      const written = this.stack.data?.[type]?.[name] ?? {};
      const config = configured(block, await this.arguments(written));
      const model = provider.dataSources[type];
      if (model === undefined) throw new Error(`No simulated provider has ${type}`);
      const values = known(block, await model.read(config, new RunningCall(this.clock)), type);
      return { ...one, config, values };
    });
  }

  private once(
    one: Pick<ExistingResource, "mode" | "type" | "name">,
    create: () => Promise<AppliedResource>,
  ): Promise<AppliedResource> {
    const address = addressOf(one);
    const before = this.applied.get(address);
    if (before !== undefined) return before;
    const now = create();
    this.applied.set(address, now);
    return now;
  }

  private provider(type: string, kind: "resources" | "dataSources"): ProviderModel {
    const found = this.providers.find((provider) => Object.hasOwn(provider[kind], type));
    if (found === undefined) throw new Error(`No simulated provider has ${type}`);
    return found;
  }

  private async arguments(written: Values): Promise<Values> {
    const own = Object.entries(written).filter(([name]) => !metaArguments.has(name));
    return (await this.value(Object.fromEntries(own))) as Values;
  }

  /** A value of the configuration with its expressions evaluated. */
  private async value(written: Value): Promise<Value> {
    if (typeof written === "string") return this.text(written);
    if (Array.isArray(written)) return inTurn(written, (item) => this.value(item));
    if (!isValues(written)) return written;
    const entries = await inTurn(Object.entries(written), async ([name, item]) => {
      return [name, await this.value(item)] as const;
    });
    return Object.fromEntries(entries);
  }

  private async text(text: string): Promise<Value> {
    if (!text.includes("${")) return text;
    const expression = this.strings.get(text) ?? parseText(text);
    this.strings.set(text, expression);
    const names: Values = {};
    for (const path of references(expression)) await this.resolve(path, names);
    return evaluate(expression, (name) => names[name]);
  }

  /** Adds what a reference needs to the scope. */
  private async resolve(path: readonly string[], names: Values): Promise<void> {
    const [first = "", second = "", third = ""] = path;
    if (first === "local") put(names, ["local", second], await this.local(second));
    else if (first === "var") {
      put(names, ["var", second], this.stack.variable?.[second]?.default ?? null);
    } else if (first === "data") {
      put(names, ["data", second, third], (await this.data(second, third)).values);
    } else if (this.stack.resource?.[first]?.[second] !== undefined) {
      put(names, [first, second], (await this.resource(first, second)).values);
    }
  }

  private local(name: string): Promise<Value> {
    const value = this.locals.get(name) ?? this.value(this.stack.locals?.[name] ?? null);
    this.locals.set(name, value);
    return value;
  }
}

function blockOf(
  schemas: Readonly<Record<string, { readonly block: SchemaBlock }>> | undefined,
  type: string,
): SchemaBlock {
  const block = schemas?.[type]?.block;
  if (block === undefined) throw new Error(`No schema has ${type}`);
  return block;
}

function dependencies({ depends_on: written = null }: Values): string[] {
  return Array.isArray(written) ? written.filter((item) => typeof item === "string") : [];
}

/** References in an expression: `["local", "x"]`, `["data", "type", "name", "id"]`. */
function references(expression: Expression): string[][] {
  switch (expression.kind) {
    case "literal":
      return [];
    case "name":
      return [[expression.name]];
    case "template":
      return expression.parts.flatMap(references);
    case "attribute":
      return references(expression.of).map((path, index) =>
        index === 0 ? [...path, expression.name] : path,
      );
    case "index":
    case "splat":
      return references(expression.of);
    case "list":
      return expression.items.flatMap(references);
    case "for":
      return [
        expression.of,
        expression.value,
        ...(expression.condition ? [expression.condition] : []),
      ].flatMap(references);
    case "call":
      return expression.values.flatMap(references);
    case "not":
      return references(expression.value);
    case "less":
    case "equal":
      return [expression.left, expression.right].flatMap(references);
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise].flatMap(references);
  }
}

function put(tree: Values, [name = "", ...rest]: readonly string[], value: Value): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const branch = tree[name];
  const inner = isValues(branch) ? branch : {};
  tree[name] = inner;
  put(inner, rest, value);
}

/** Sequentially: the order of creation must not depend on timing. */
async function inTurn<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await map(item));
  return results;
}
