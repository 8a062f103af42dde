/**
 * Data sources that find objects by name or owner: exactly one, or the ids of all. The services
 * compare whole values; an empty filter is not sent.
 */
import { Refusal, type DataSourceModel, type Values } from "../../protocol/model";
import { isZero, sameValue, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { validateWith, type ResourceChecks } from "./checks";
import type { Collection } from "./collection";
import { checkRegion, type Service } from "./endpoints";
import type { ApiObject } from "./objects";

export interface Search<T extends ApiObject> {
  readonly objects: Collection<T>;
  readonly service: Service;
  /** Its attributes, which are filters as well; those that all objects have are added. */
  readonly show: (object: T) => Values;
  /** Filters whose name differs from that of the attribute they compare with. */
  readonly compare?: (object: T) => Values;
  /** Arguments of the search itself. */
  readonly notCompared?: readonly string[];
}

/** Finds exactly one. */
export interface FindOne<T extends ApiObject> extends Search<T> {
  readonly none: (config: Values) => string;
  readonly several: (config: Values, count: number) => string;
  readonly checks?: ResourceChecks;
}

export function findOne<T extends ApiObject>(
  account: Account,
  search: FindOne<T>,
): DataSourceModel {
  return {
    validate: (config) => validateWith(search.checks ?? {}, config),
    read(config) {
      const { found, region } = find(account, search, config);
      const [only] = found;
      if (only === undefined) throw new Refusal(search.none(config));
      if (found.length > 1) throw new Refusal(search.several(config, found.length));
      const known = Object.entries(shown(search, only)).filter(([name]) => name in config);
      return { ...config, ...Object.fromEntries(known), id: only.id, region };
    },
  };
}

export function listIds<T extends ApiObject>(account: Account, search: Search<T>): DataSourceModel {
  return {
    read(config) {
      const { found, region } = find(account, search, config);
      const key = stringOf(config.sort_key) ?? "id";
      const valueOf = (object: T) => stringOf(shown(search, object)[key]) ?? "";
      const ids = found.sort((a, b) => (valueOf(a) < valueOf(b) ? -1 : 1)).map(({ id }) => id);
      if (stringOf(config.sort_direction) === "desc") ids.reverse();
      return { ...config, id: String(ids.length), ids, region };
    },
  };
}

function find<T extends ApiObject>(account: Account, search: Search<T>, config: Values) {
  const region = stringOf(config.region) ?? account.region;
  checkRegion(account, region, search.service);
  const found = search.objects
    .all()
    .filter((object) => object.region === region && matches(search, object, config));
  return { found, region };
}

function matches<T extends ApiObject>(search: Search<T>, object: T, config: Values): boolean {
  const values = { ...shown(search, object), ...search.compare?.(object) };
  const ignored = ["region", "tags", ...(search.notCompared ?? [])];
  return (
    Object.entries(config).every(
      ([name, wanted]) =>
        ignored.includes(name) || isZero(wanted) || sameValue(wanted, values[name]),
    ) && stringsOf(config.tags).every((tag) => object.tags.includes(tag))
  );
}

function shown<T extends ApiObject>(search: Search<T>, object: T): Values {
  return {
    id: object.id,
    name: object.name,
    description: object.description,
    admin_state_up: object.adminStateUp,
    tenant_id: object.projectId,
    project_id: object.projectId,
    all_tags: object.tags,
    tags: object.tags,
    ...search.show(object),
  };
}
