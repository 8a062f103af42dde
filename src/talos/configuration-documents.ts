import { parseAllDocuments } from "yaml";

/** A value of a machine configuration. */
export type ConfigurationValue =
  string | number | bigint | boolean | readonly ConfigurationValue[] | ConfigurationMap;
export interface ConfigurationMap {
  readonly [key: string]: ConfigurationValue;
}

/** One of the documents of a machine configuration. */
export interface ConfigurationDocument {
  /** "v1alpha1" for the one with machine and cluster, which has no kind. */
  readonly kind: string;
  /** @default - a kind of which there is one */
  readonly name?: string;
  readonly content: ConfigurationMap;
}

/** The document with machine and cluster. */
export const mainKind = "v1alpha1";

/** A string is not a machine configuration. The message quotes nothing: all of it may be secret. */
export class UnreadableConfiguration extends Error {}

/**
 * The documents of a machine configuration by kind and name, without what says nothing: comments,
 * nulls, empty maps and empty lists.
 * @throws UnreadableConfiguration
 */
export function configurationDocuments(text: string): ReadonlyMap<string, ConfigurationDocument> {
  const parsed = parseAllDocuments(text, {
    intAsBigInt: true,
    logLevel: "silent",
    prettyErrors: false,
  });
  const found = new Map<string, ConfigurationDocument>();
  for (const document of Array.isArray(parsed) ? parsed : []) {
    if (document.errors.length > 0) throw new UnreadableConfiguration("It is not YAML.");
    const value = essential(valueOf(document));
    if (value === undefined) continue;
    if (!isMap(value)) throw new UnreadableConfiguration("One of its documents is not a map.");
    const one = documentOf(value);
    const key = titleOf(one);
    if (found.has(key)) {
      throw new UnreadableConfiguration(`It has two documents of ${key}.`);
    }
    found.set(key, one);
  }
  return found;
}

/** "HostnameConfig", "NetworkRuleConfig etcd"; "" for the main one. */
export function titleOf({ kind, name }: Pick<ConfigurationDocument, "kind" | "name">): string {
  if (kind === mainKind) return "";
  return name === undefined ? kind : `${kind} ${name}`;
}

export function isMap(value: ConfigurationValue | undefined): value is ConfigurationMap {
  return typeof value === "object" && !Array.isArray(value);
}

/** @throws UnreadableConfiguration for aliases that expand to too much, or lead nowhere */
function valueOf(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS();
  } catch {
    throw new UnreadableConfiguration("Its aliases (*…) cannot be resolved.");
  }
}

function documentOf(value: ConfigurationMap): ConfigurationDocument {
  const { kind, name } = value;
  if (typeof kind !== "string") return { kind: mainKind, content: value };
  const content = Object.fromEntries(
    Object.entries(value).filter(([key]) => !["apiVersion", "kind", "name"].includes(key)),
  );
  return { kind, ...(name === undefined ? {} : { name: scalarText(name) }), content };
}

/** A scalar as it is written; a list or a map, which stand in no such place, as JSON. */
function scalarText(value: ConfigurationValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function essential(value: unknown): ConfigurationValue | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.flatMap((item: unknown) => essential(item) ?? []);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const kept = essential(item);
      return kept === undefined ? [] : [[key, kept] as const];
    });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  return value as string | number | bigint | boolean;
}
