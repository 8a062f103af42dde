/**
 * Builds a resource of the provider from a table and API functions, and implements once what the
 * resources of both SDKs have in common: what an update through the Framework makes unknown,
 * replacement only by known values, tags as a second call, titles of errors, request ids.
 */
import { randomUUID } from "node:crypto";
import {
  Refusal,
  isUnknown,
  type ApplyContext,
  type CallContext,
  type Diagnostic,
  type PlannedChange,
  type ProviderSchema,
  type ResourceModel,
  type SchemaBlock,
  type Value,
  type Values,
} from "../../protocol/model";
import { planUnknowns } from "../framework";
import {
  planComputedBlocks,
  planUnknownCollections,
  suppressDifferences,
  suppressTimeouts,
} from "../sdkv2";
import { sameValue, stringOf, withoutUnknowns } from "../values";
import type { Account } from "./account";
import { ApiError, reported } from "./errors";
import type { Tags } from "./objects";
import { shownTags, tagProblems, tagsOf } from "./tags";

/** One resource type: a table to compare with the provider's source, then its API calls. */
export interface Kind<T extends object> {
  /** "outscale_net" */
  readonly type: string;
  readonly generation: "framework" | "sdkv2";
  /** "Net" gives "Unable to create Net". */
  readonly title: string;
  /** Titles of calls that are reported under other verbs. */
  readonly titles?: Readonly<Partial<Record<"create" | "update" | "delete", string>>>;
  readonly replacedBy?: readonly string[];
  /** Replaces only when the new value is configured and known (forcenew_plan_modify.go). */
  readonly replacedWhenKnown?: readonly string[];
  /** Computed values that an update keeps (UseStateForUnknown); on the Framework only. */
  readonly keeps?: readonly string[];
  readonly defaults?: Readonly<Record<string, Value>>;
  /** Blocks that the API fills in when the configuration has none; on SDKv2 only. */
  readonly computedBlocks?: readonly string[];
  /** The warning at a planned deletion. */
  readonly destruction?: string;
  /** @default "afterwards", by a call of their own */
  readonly tags?: "afterwards" | "with creation";
  validate?(config: Values): Diagnostic[];
  plan?(change: PlannedChange): void;
  planDeletion?(prior: Values, context: CallContext): void;
  /** The API call that creates it: refuses, or returns the object. */
  create(planned: Values, context: ApplyContext): Promise<T> | T;
  /** What the provider waits for afterwards; a failure here leaves the resource tainted. */
  finish?(object: T, planned: Values, context: CallContext): Promise<void> | void;
  /** Finds the object of a state; undefined when the cloud no longer has it. */
  find(state: Values, context: CallContext): Promise<T | undefined> | T | undefined;
  /** Its attributes, without tags and request id. */
  show(object: T, given: Values): Values;
  /** Warnings of a read, including the one that ends a creation or an update. */
  notice?(object: T, given: Values, context: CallContext): void;
  /** Without it the provider's Update does nothing, and the state stays as it was. */
  update?(object: T, planned: Values, prior: Values, context: CallContext): Promise<void> | void;
  /** Also called when the object is gone: not every deletion of this provider tolerates that. */
  delete(state: Values, context: CallContext): Promise<void> | void;
  /** Parses an import id; `find` then looks for the object. */
  import?(id: string): Values;
}

export function resourceModel<T extends object>(
  account: Account,
  schemas: ProviderSchema,
  kind: Kind<T>,
): readonly [string, ResourceModel] {
  const { type } = kind;
  const schema = schemaOf(schemas, type);
  const hasTagBlocks = "tags" in (schema.block_types ?? {});
  const isFramework = kind.generation === "framework";

  function show(object: T, given: Values): Values {
    const shown: Values = { ...given, ...kind.show(object, given) };
    if (hasTagBlocks && isTagged(object)) shown.tags = shownTags(object.tags);
    if (isFramework && "request_id" in (schema.attributes ?? {}))
      shown.request_id = stringOf(given.request_id) ?? randomUUID();
    return withoutUnknowns(shown) as Values;
  }

  function failed(operation: "create" | "update" | "delete", error: unknown): unknown {
    if (!isFramework && error instanceof ApiError) return new Refusal(error.message);
    return reported(kind.titles?.[operation] ?? `Unable to ${operation} ${kind.title}`, error);
  }

  async function create(planned: Values, context: ApplyContext): Promise<Values> {
    let object: T;
    try {
      object = await kind.create(planned, context);
    } catch (error) {
      throw failed("create", error);
    }
    context.exists(show(object, planned));
    try {
      if (hasTagBlocks && isTagged(object) && kind.tags !== "with creation")
        createTags(object, tagsOf(planned));
      await kind.finish?.(object, planned, context);
    } catch (error) {
      const failure = failed("create", error);
      if (!(failure instanceof Refusal)) throw failure;
      const { summary, detail, path } = failure;
      throw new Refusal(summary, detail, path, show(object, planned));
    }
    kind.notice?.(object, planned, context);
    return show(object, planned);
  }

  function createTags(object: { tags: Tags }, tags: Tags): void {
    try {
      account.createTags(type, object, tags);
    } catch (error) {
      if (isFramework || !(error instanceof Error)) throw reported("Unable to create tags", error);
      throw new Refusal(`unable to create tags: ${error.message}`);
    }
  }

  async function update(prior: Values, planned: Values, context: ApplyContext): Promise<Values> {
    if (!kind.update) return prior;
    const object = await kind.find(prior, context);
    if (object === undefined) throw new Refusal(`Unable to update ${kind.title}`, "empty");
    try {
      await kind.update(object, planned, prior, context);
    } catch (error) {
      throw failed("update", error);
    }
    if (hasTagBlocks && isTagged(object)) object.tags = tagsOf(planned);
    account.save();
    kind.notice?.(object, planned, context);
    return show(object, { ...planned, request_id: prior.request_id ?? null });
  }

  return [
    type,
    {
      legacyTypeSystem: !isFramework,
      replacedBy: kind.replacedBy,
      defaults: kind.defaults,
      validate: (config) => [
        ...(isFramework && hasTagBlocks ? tagProblems(config) : []),
        ...(kind.validate?.(config) ?? []),
      ],
      plan(change) {
        const { prior, config, planned, replacedBy } = change;
        if (!isFramework) {
          planComputedBlocks(change, kind.computedBlocks ?? []);
          suppressDifferences(change, schema, {});
          suppressTimeouts(change, schema);
          planUnknownCollections(change, schema, []);
        }
        for (const name of kind.replacedWhenKnown ?? [])
          if (isOther(prior?.[name], config[name])) replacedBy.push([name]);
        kind.plan?.(change);
        if (isFramework && prior !== null) planUnknowns(schema, kind, { prior, config, planned });
      },
      planDeletion(prior, context) {
        if (kind.destruction !== undefined)
          context.warn("Resource Destruction Considerations", kind.destruction);
        kind.planDeletion?.(prior, context);
      },
      create,
      update,
      async read(state, context) {
        const object = await kind.find(state, context);
        if (object === undefined) return null;
        kind.notice?.(object, state, context);
        return show(object, state);
      },
      async delete(state, context) {
        try {
          await kind.delete(state, context);
        } catch (error) {
          throw failed("delete", error);
        }
        account.save();
      },
      import: (id) => kind.import?.(id) ?? { id },
    },
  ];
}

/** The plan modifier's comparison: ignores what is unset or unknown. */
function isOther(prior: Value | undefined, configured: Value | undefined): boolean {
  if (prior === null || prior === undefined) return false;
  if (configured === null || configured === undefined || isUnknown(configured)) return false;
  return !sameValue(prior, configured);
}

function isTagged(object: object): object is { tags: Tags } {
  return "tags" in object;
}

function schemaOf(schemas: ProviderSchema, type: string): SchemaBlock {
  const found = schemas.resource_schemas?.[type];
  if (found === undefined) throw new Error(`The pinned schema has no ${type}`);
  return found.block;
}
