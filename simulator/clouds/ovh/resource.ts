/**
 * Builds a resource of the provider from a service's table and API functions, and implements once
 * what all resources of the OpenStack provider have in common: SDKv2's behaviour, regions, tags,
 * timeouts, the format of API errors.
 */
import {
  Refusal,
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
import { parseDuration } from "../durations";
import {
  planComputedBlocks,
  planUnknownCollections,
  suppressDifferences,
  suppressTimeouts,
} from "../sdkv2";
import { blockOf, isZero, sameValue, stringOf, withoutUnknowns } from "../values";
import type { Account } from "./account";
import { changedTags, hasAttribute, keepingUnset, shownTags } from "./attributes";
import { validateWith, type ResourceChecks } from "./checks";
import type { Collection } from "./collection";
import { checkRegion, refusalOf, type Operation, type Service } from "./endpoints";
import { ApiError } from "./errors";
import type { ApiObject } from "./objects";
import type { RetryContext } from "./retry";

/** A call of tofu's, as the API functions see it. */
export interface Call extends CallContext, RetryContext {
  readonly region: string;
  /** The configuration: only for what the plan does not hold. */
  readonly config: Values;
}

/** One resource type: a table to compare with the provider's source, then its API. */
export interface Kind<T extends ApiObject> {
  /** "openstack_networking_port_v2" */
  readonly type: string;
  readonly objects: Collection<T>;
  readonly service: Service;
  /** Below the service's endpoint: "v2.0/ports". */
  readonly path: string;
  /** The provider's message before the API's; "Error creating <type>" and so on by default. */
  readonly messages?: Partial<Record<Operation, (state: Values) => string>>;
  /** Method and path of a call that differ from the usual ones. */
  readonly requests?: Partial<Record<Operation, (state: Values) => string>>;
  /** Computed attributes besides region and project. */
  readonly replacedBy?: readonly string[];
  readonly defaults?: Readonly<Record<string, Value>>;
  /** Blocks that the API fills in when the configuration has none. */
  readonly computedBlocks?: readonly string[];
  readonly checks?: ResourceChecks;
  /** The provider's own, in minutes. @default 10 */
  readonly timeouts?: Partial<Record<Operation, number>>;
  /** The provider knows the id before it waits: a later failure leaves the resource tainted. */
  readonly isKnownEarly?: boolean;
  /** Customised diff and state functions, after the rest of this table. */
  plan?(change: PlannedChange): void;
  /** The API call that creates it: refuses, or returns the object to store. */
  create(planned: Values, call: Call): Promise<T> | T;
  /** What the provider waits for and does afterwards. */
  finish?(object: T, planned: Values, call: Call): Promise<void> | void;
  /** Its attributes, besides those that all resources have. */
  show(object: T, given: Values): Values;
  /** Without it every change is a replacement. */
  update?(object: T, planned: Values, prior: Values, call: Call): Promise<void> | void;
  delete(object: T, call: Call, state: Values): Promise<void> | void;
  /**
   * From the id given to `tofu import`; undefined where it reads first and finds nothing.
   * @default - the object's own
   */
  import?(id: string): Values | undefined;
}

export function resourceModel<T extends ApiObject>(
  account: Account,
  schemas: ProviderSchema,
  kind: Kind<T>,
): ResourceModel {
  const schema = schemaOf(schemas, kind.type);

  /** @param phase Null stays where nothing was set, unless the provider reads again. */
  function show(object: T, given: Values, phase: "apply" | "read"): Values {
    const common: Values = {
      id: object.id,
      region: object.region,
      name: object.name,
      description: object.description,
      admin_state_up: object.adminStateUp,
      tenant_id: object.projectId,
      ...shownTags(object, given, schema),
      ...kind.show(object, given),
    };
    const known = Object.entries(common).filter(([name]) => hasAttribute(schema, name));
    const shown = { ...given, ...Object.fromEntries(known) };
    return withoutUnknowns(phase === "read" ? shown : keepingUnset(shown, given)) as Values;
  }

  function callOf(
    operation: Operation,
    state: Values,
    context: CallContext | ApplyContext,
    region: string,
  ): Call {
    const written = stringOf(blockOf([state.timeouts ?? null])?.[operation]);
    const minutes = kind.timeouts?.[operation] ?? 10;
    return {
      region,
      config: "config" in context ? context.config : {},
      timeout: parseDuration(written ?? "") ?? minutes * 60_000,
      wait: (milliseconds) => context.wait(milliseconds),
      warn: (summary, detail, path) => {
        context.warn(summary, detail, path);
      },
    };
  }

  /** Prints an API error as the provider does. */
  async function printing<R>(
    operation: Operation,
    state: Values,
    region: string,
    work: () => Promise<R> | R,
    remaining?: () => Values | undefined,
  ): Promise<R> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ApiError)
        throw refusalOf(kind, operation, region, state, error, remaining?.());
      if (error instanceof Refusal && remaining && error.state === undefined)
        throw new Refusal(error.summary, error.detail, error.path, remaining());
      throw error;
    }
  }

  async function create(planned: Values, context: ApplyContext): Promise<Values> {
    const region = stringOf(context.config.region) ?? account.region;
    checkRegion(account, region, kind.service);
    const call = callOf("create", planned, context, region);
    // Stored before another call runs, which could take the same address or quota.
    const object = await printing("create", planned, region, () => {
      const created = kind.create(planned, call);
      return created instanceof Promise
        ? created.then((one) => kind.objects.put(one))
        : kind.objects.put(created);
    });
    const known = () =>
      kind.isKnownEarly
        ? (withoutUnknowns({ ...planned, id: object.id, region }) as Values)
        : undefined;
    const early = known();
    if (early) context.exists(early);
    await printing(
      "create",
      { ...planned, id: object.id },
      region,
      () => kind.finish?.(object, planned, call),
      known,
    );
    account.touch(object);
    return show(object, planned, "apply");
  }

  async function update(prior: Values, planned: Values, context: ApplyContext): Promise<Values> {
    const id = stringOf(prior.id) ?? "";
    const region = stringOf(prior.region) ?? account.region;
    const call = callOf("update", planned, context, region);
    return printing(
      "update",
      prior,
      region,
      async () => {
        const object = kind.objects.find(id, region);
        await kind.update?.(object, planned, prior, call);
        if ("name" in planned) object.name = stringOf(planned.name) ?? "";
        if ("description" in planned) object.description = stringOf(planned.description) ?? "";
        if ("tags" in planned) object.tags = changedTags(object, planned, prior);
        if ("admin_state_up" in planned) object.adminStateUp = planned.admin_state_up !== false;
        account.touch(object);
        return show(object, planned, "apply");
      },
      () => {
        const object = kind.objects.get(id);
        return object && show(object, prior, "apply");
      },
    );
  }

  return {
    replacedBy: ["region", "tenant_id", "value_specs", ...(kind.replacedBy ?? [])].filter((name) =>
      hasAttribute(schema, name.split(".")[0] ?? ""),
    ),
    defaults: kind.defaults,
    validate: (config): Diagnostic[] => validateWith(kind.checks ?? {}, config),
    plan(change) {
      planComputedBlocks(change, kind.computedBlocks ?? []);
      kind.plan?.(change);
      suppressDifferences(change, schema, {});
      planUnknownCollections(change, schema, []);
      suppressTimeouts(change, schema);
    },
    create,
    update: kind.update && update,
    read(state) {
      const region = stringOf(state.region) ?? account.region;
      checkRegion(account, region, kind.service);
      const object = kind.objects.get(stringOf(state.id) ?? "");
      return object?.region === region ? show(object, state, "read") : null;
    },
    async delete(state, context) {
      const object = kind.objects.get(stringOf(state.id) ?? "");
      if (object === undefined) return;
      const call = callOf("delete", state, context, object.region);
      await printing("delete", state, object.region, () => kind.delete(object, call, state));
    },
    import: (id) => (kind.import ? kind.import(id) : { id }),
  };
}

function schemaOf(schemas: ProviderSchema, type: string): SchemaBlock {
  const found = schemas.resource_schemas?.[type];
  if (found === undefined) throw new Error(`The pinned schema has no ${type}`);
  return found.block;
}

/** Whether an update has to send an argument. */
export function changes(planned: Values, prior: Values, ...names: string[]): boolean {
  return names.some(
    (name) =>
      !sameValue(planned[name], prior[name]) && !(isZero(planned[name]) && isZero(prior[name])),
  );
}
