/**
 * Builds a resource of the provider from a product's table and API functions, and implements once
 * what all resources of Scaleway's provider have in common: SDKv2's behaviour, zones and regions,
 * projects, ids, imports.
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
import type { Account } from "./account";
import { REGIONS, ZONES, zonesOf, type Product } from "./catalogue";
import type { Checks } from "../checks";
import { validateWith } from "./checks";
import type { Collection } from "./collection";
import { badRegion, badZone, notFound, notInZone } from "./errors";
import { bareId, isRefusal, parseLocalizedId } from "./ids";
import type { ApiObject } from "./objects";
import { checkReferences, planLocality } from "./planning";
import {
  planComputedBlocks,
  planUnknownCollections,
  suppressDifferences,
  type Equality,
} from "../sdkv2";
import { stringOf, stringsOf, withoutUnknowns } from "../values";

/** One resource type: a table to compare with the cloud's facts, then its API. */
export interface Kind<T extends ApiObject> {
  readonly objects: Collection<T>;
  readonly locality: "zone" | "region";
  /** Zones in which it is sold; a regional product is everywhere. */
  readonly product?: Product;
  /** Prefix of a generated name: "pn" gives tf-pn-… */
  readonly shortName: string;
  /** Computed attributes beyond project and zone or region. */
  readonly replacedBy?: readonly string[];
  readonly defaults?: Readonly<Record<string, Value>>;
  /** Differences that the provider suppresses, by dotted name. */
  readonly equal?: Readonly<Record<string, Equality>>;
  /** Blocks that the API fills in when the configuration has none. */
  readonly computedBlocks?: readonly string[];
  /** References that must be in the resource's own zone or region ("ip_ids": each of a list). */
  readonly sameLocality?: readonly string[];
  readonly checks?: Checks;
  /** Customised diff, after the rest of this table. */
  plan?(change: PlannedChange, locality: string): void;
  /** The API call that creates it: refuses, or returns the object to store. */
  create(planned: Values, locality: string, context: CallContext): Promise<T> | T;
  /** What the provider does and waits for afterwards; a failure here leaves the resource tainted. */
  finish?(object: T, planned: Values, context: CallContext): Promise<void> | void;
  /** Its attributes, besides those that every resource has. */
  show(object: T, given: Values): Values;
  update?(object: T, planned: Values, prior: Values, context: CallContext): Promise<void> | void;
  delete(object: T, context: CallContext, state: Values): Promise<void> | void;
  /** What the provider waits for before it reads. */
  awaitRead?(object: T, context: CallContext): Promise<void>;
  /** Called first: true when the provider drops it from the state while the cloud keeps it. */
  outlives?(object: T, context: CallContext): boolean;
  /** The error of its read when it is gone, where the provider does not treat that as absence. */
  gone?(id: string): Refusal;
  /** What its read returns when it is gone, where the provider keeps it: an import finds it, too. */
  keptWhenGone?(id: string, state: Values): Values;
  /** The id in the state, when it is not the object's own. */
  stateId?(object: T): string;
  objectId?(stateId: string): string;
}

export function resourceModel<T extends ApiObject>(
  account: Account,
  schemas: ProviderSchema,
  kind: Kind<T>,
): ResourceModel {
  const type = kind.objects.kind;
  const schema = schemaOf(schemas, type);
  const objectId = (stateId: string) => kind.objectId?.(stateId) ?? checkedId(stateId);

  function show(object: T, given: Values): Values {
    const shown = kind.show(object, given);
    const common: Values = {
      id: kind.stateId?.(object) ?? object.id,
      name: object.name,
      tags: object.tags,
      [kind.locality]: object.locality,
      project_id: object.projectId,
      organization_id: account.organizationId,
      created_at: object.createdAt,
      updated_at: object.updatedAt,
    };
    const known = Object.fromEntries(
      Object.entries({ ...common, ...shown }).filter(([name]) => hasAttribute(schema, name)),
    );
    return withoutUnknowns(keepingUnset({ ...given, ...known }, given)) as Values;
  }

  async function create(planned: Values, context: ApplyContext): Promise<Values> {
    const locality = localityIn(account, kind.locality, context.config);
    if (hasAttribute(schema, kind.locality)) checkLocality(kind, locality);
    const object = kind.objects.put(await kind.create(planned, locality, context));
    try {
      await kind.finish?.(object, planned, context);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new Refusal(error.summary, error.detail, error.path, show(object, planned));
    }
    return show(object, planned);
  }

  async function update(prior: Values, planned: Values, context: CallContext): Promise<Values> {
    const object = kind.objects.get(objectId(stringOf(prior.id) ?? ""));
    if (object === undefined) throw notFound(type, bareId(stringOf(prior.id) ?? ""));
    try {
      await kind.update?.(object, planned, prior, context);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new Refusal(
        error.summary,
        error.detail,
        error.path,
        error.state ?? show(object, prior),
      );
    }
    object.name = stringOf(planned.name) ?? object.name;
    object.tags = stringsOf(planned.tags);
    account.touch(object);
    return show(object, planned);
  }

  return {
    replacedBy: [kind.locality, "project_id", ...(kind.replacedBy ?? [])].filter((name) =>
      hasAttribute(schema, name.split(".")[0] ?? ""),
    ),
    defaults: kind.defaults,
    validate: (config): Diagnostic[] => validateWith(kind.checks ?? {}, config, kind.locality),
    plan(change) {
      const locality = localityIn(account, kind.locality, change.config, change.prior);
      planLocality(change, kind.locality);
      planComputedBlocks(change, kind.computedBlocks ?? []);
      if (change.prior !== null) suppressDifferences(change, schema, kind.equal ?? {});
      planUnknownCollections(change, schema, Object.keys(kind.equal ?? {}));
      checkReferences(change, kind.sameLocality ?? [], locality);
      kind.plan?.(change, locality);
    },
    create,
    update,
    async read(state, context) {
      const id = stringOf(state.id) ?? "";
      const object = kind.objects.get(objectId(id));
      if (object === undefined && kind.gone !== undefined) throw kind.gone(bareId(id));
      if (object === undefined && kind.keptWhenGone !== undefined)
        return kind.keptWhenGone(id, state);
      if (object !== undefined) await kind.awaitRead?.(object, context);
      return object === undefined ? null : show(object, state);
    },
    async delete(state, context) {
      const object = kind.objects.get(objectId(stringOf(state.id) ?? ""));
      if (object === undefined) return;
      if (kind.outlives?.(object, context)) return;
      await kind.delete(object, context, state);
      kind.objects.remove(object.id);
    },
    import(id) {
      objectId(id);
      return { ...emptyObject(schema), id };
    },
  };
}

function schemaOf(schemas: ProviderSchema, type: string): SchemaBlock {
  const found = schemas.resource_schemas?.[type];
  if (found === undefined) throw new Error(`The pinned schema has no ${type}`);
  return found.block;
}

/** Two-part ids name their object already. */
function checkedId(stateId: string): string {
  parseLocalizedId(stateId);
  return stateId;
}

/** Configuration, then state, then the provider's default. */
function localityIn(
  account: Account,
  locality: "zone" | "region",
  config: Values,
  prior?: Values | null,
): string {
  return stringOf(config[locality]) ?? stringOf(prior?.[locality]) ?? account.defaults[locality];
}

function checkLocality(kind: Pick<Kind<ApiObject>, "locality" | "product">, locality: string) {
  const known: readonly string[] = kind.locality === "zone" ? ZONES : REGIONS;
  if (!known.includes(locality)) throw (kind.locality === "zone" ? badZone : badRegion)(known);
  if (kind.product === undefined) return;
  const sold = zonesOf(kind.product);
  if (!sold.includes(locality)) throw notInZone(locality, sold);
}

/** Where nothing is configured and the API returns nothing, the state keeps null. */
function keepingUnset(shown: Values, given: Values): Values {
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => {
      const unset = given[name] === null && Array.isArray(value) && value.length === 0;
      return [name, unset ? null : value];
    }),
  );
}

function hasAttribute(schema: SchemaBlock, name: string): boolean {
  return name in (schema.attributes ?? {}) || name in (schema.block_types ?? {});
}

function emptyObject(schema: SchemaBlock): Values {
  const attributes = Object.keys(schema.attributes ?? {}).map((name) => [name, null] as const);
  const blocks = Object.entries(schema.block_types ?? {}).map(
    ([name, { nesting_mode }]) =>
      [name, nesting_mode === "list" || nesting_mode === "set" ? [] : null] as const,
  );
  return Object.fromEntries([...attributes, ...blocks]);
}
