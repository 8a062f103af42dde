/**
 * From a service's table and API functions to a resource of the provider: what
 * all resources of the OpenStack provider have in common (SDKv2's habits,
 * regions, tags, timeouts, how an API's refusal is printed) is said here once.
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
import { blockOf, isZero, sameValue, textOf, withoutUnknowns } from "../values";
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
  /** As written: only for what the plan does not hold. */
  readonly config: Values;
}

/** One type of resource: a table to hold against the provider's source, then what its API does. */
export interface Kind<T extends ApiObject> {
  /** "openstack_networking_port_v2" */
  readonly type: string;
  readonly objects: Collection<T>;
  readonly service: Service;
  /** Below the service's endpoint: "v2.0/ports". */
  readonly path: string;
  /** What the provider says before the API's own words; "Error creating <type>" and so on otherwise. */
  readonly words?: Partial<Record<Operation, (state: Values) => string>>;
  /** Method and path of a call that is not the usual one. */
  readonly requests?: Partial<Record<Operation, (state: Values) => string>>;
  /** Besides region and project. */
  readonly replacedBy?: readonly string[];
  readonly defaults?: Readonly<Record<string, Value>>;
  /** Blocks that the API fills in when the configuration has none. */
  readonly computedBlocks?: readonly string[];
  readonly checks?: ResourceChecks;
  /** The provider's own, in minutes. @default 10 */
  readonly timeouts?: Partial<Record<Operation, number>>;
  /** The provider knows the id before it waits: what fails then leaves the resource tainted. */
  readonly isKnownEarly?: boolean;
  /** Customised diff and state functions, after all that the table says. */
  plan?(change: PlannedChange): void;
  /** The API call that makes it: refuses, or returns what the store shall keep. */
  create(planned: Values, call: Call): Promise<T> | T;
  /** What the provider waits for, and does, afterwards. */
  finish?(object: T, planned: Values, call: Call): Promise<void> | void;
  /** Its attributes, besides those that all resources have. */
  show(object: T, given: Values): Values;
  /** Without it nothing can change: everything replaces. */
  update?(object: T, planned: Values, prior: Values, call: Call): Promise<void> | void;
  delete(object: T, call: Call, state: Values): Promise<void> | void;
  /**
   * From the id that `tofu import` is given; undefined where it reads first and there is nothing.
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

  /** @param phase Null stays where nothing was set, unless the provider reads anew. */
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
    const told = Object.entries(common).filter(([name]) => hasAttribute(schema, name));
    const shown = { ...given, ...Object.fromEntries(told) };
    return withoutUnknowns(phase === "read" ? shown : keepingUnset(shown, given)) as Values;
  }

  function callOf(
    operation: Operation,
    state: Values,
    context: CallContext | ApplyContext,
    region: string,
  ): Call {
    const written = textOf(blockOf([state.timeouts ?? null])?.[operation]);
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

  /** Prints an API's refusal as the provider does. */
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
    const region = textOf(context.config.region) ?? account.region;
    checkRegion(account, region, kind.service);
    const call = callOf("create", planned, context, region);
    // In the store before anybody else is heard, who could take the same address or quota.
    const object = await printing("create", planned, region, () => {
      const made = kind.create(planned, call);
      return made instanceof Promise
        ? made.then((one) => kind.objects.put(one))
        : kind.objects.put(made);
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
    const id = textOf(prior.id) ?? "";
    const region = textOf(prior.region) ?? account.region;
    const call = callOf("update", planned, context, region);
    return printing(
      "update",
      prior,
      region,
      async () => {
        const object = kind.objects.find(id, region);
        await kind.update?.(object, planned, prior, call);
        if ("name" in planned) object.name = textOf(planned.name) ?? "";
        if ("description" in planned) object.description = textOf(planned.description) ?? "";
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
      const region = textOf(state.region) ?? account.region;
      checkRegion(account, region, kind.service);
      const object = kind.objects.get(textOf(state.id) ?? "");
      return object?.region === region ? show(object, state, "read") : null;
    },
    async delete(state, context) {
      const object = kind.objects.get(textOf(state.id) ?? "");
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
