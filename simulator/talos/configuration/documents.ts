import { type Document as YamlDocument, parseAllDocuments, stringify } from "yaml";

import { isKnownKind, isModelled, type Key, keysOf } from "./keys";
import { parsePortRange } from "./ports";
import { printYaml } from "./print";

/** Values of YAML and JSON. */
export type Json = null | boolean | number | string | Json[] | Mapping;
export interface Mapping {
  [name: string]: Json;
}

/** Thrown for a string that Talos cannot load as machine configuration, with its message. */
export class ConfigurationError extends Error {}

/** The kind of the main document, which has no `kind` field. */
export const MAIN = "Config";

export interface LoadOptions {
  /** Talos minor that reads it: newer keys and kinds are unknown to it. @default - the newest */
  readonly minor?: number;
  /** Patches may contain `$patch: delete`. */
  readonly allowDelete?: boolean;
}

/**
 * Parses a machine configuration of one or more documents, as strictly as Talos.
 *
 * @throws ConfigurationError for invalid YAML, unknown kinds and keys, and values of the wrong
 * type.
 */
export function loadDocuments(text: string, options: LoadOptions = {}): Mapping[] {
  const documents: Mapping[] = [];
  const seen = new Set<string>();
  for (const parsed of parseYaml(text)) {
    const value = parsed.toJS() as Json;
    if (value === null) continue;
    const line = lineOf(parsed, text);
    if (!isMapping(value)) throw new ConfigurationError(`expected a YAML document at line ${line}`);
    const id = documentId(value);
    if (seen.has(id)) {
      throw new ConfigurationError(`duplicate document ${id} is not allowed (line ${line})`);
    }
    seen.add(id);
    const problem = check(value, options);
    if (problem) {
      throw new ConfigurationError(`error decoding document ${id} (line ${line}): ${problem}`);
    }
    documents.push(value);
  }
  return documents;
}

/** Nodes share most of their strings, and parsing is the slowest step. */
const cache = new Map<string, YamlDocument.Parsed[]>();
const cacheSize = 256;

function parseYaml(text: string): YamlDocument.Parsed[] {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parseAllDocuments(text);
  if (!Array.isArray(parsed)) return [];
  for (const { errors } of parsed) {
    const [error] = errors;
    if (error) throw new ConfigurationError(`decode error: yaml: ${error.message.split("\n")[0]}`);
  }
  if (cache.size >= cacheSize) cache.clear();
  cache.set(text, parsed);
  return parsed;
}

function lineOf({ contents }: YamlDocument.Parsed, text: string): number {
  const start = contents === null ? 0 : contents.range[0];
  return text.slice(0, start).split("\n").length;
}

/** The documents as Talos prints them: keys in its own order. */
export function printDocuments(documents: readonly Mapping[]): string {
  return documents
    .map((document) => printYaml(order(document, keysOf(kindOf(document)))))
    .join("---\n");
}

/** The name under which a kind's structure is found; `Config` for the main document. */
export function kindOf(document: Mapping): string {
  return typeof document.kind === "string" ? document.kind : MAIN;
}

/** "v1alpha1/HostnameConfig/", "v1alpha1/NetworkRuleConfig/apid", "/v1alpha1/" for the main one. */
export function documentId(document: Mapping): string {
  const [version, kind, name] = ["apiVersion", "kind", "name"].map((key) => textIn(document[key]));
  return [version, kind === "" ? "v1alpha1" : kind, name].join("/");
}

function textIn(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

export function isMapping(value: Json | undefined): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function check(document: Mapping, { minor, allowDelete = false }: LoadOptions): string | undefined {
  const kind = kindOf(document);
  if (kind !== MAIN) {
    if (!isKnownKind(kind, minor) || document.apiVersion !== "v1alpha1") {
      return `"${kind}" "${textIn(document.apiVersion)}": not registered`;
    }
  }
  if (!isModelled(kind)) return undefined;
  const header = kind === MAIN ? [] : ["apiVersion", "kind", "name"];
  const body = Object.fromEntries(
    Object.entries(document).filter(([name]) => !header.includes(name)),
  );
  const findings: Findings = { minor, allowDelete, problems: [] };
  const unknown = inspect(body, keysOf(kind, minor), findings);
  if (findings.problems.length > 0) {
    const target = kind === MAIN ? " to *v1alpha1.Config" : `${kind} to document`;
    return `error decoding ${target}: yaml: construct errors:\n  ${findings.problems.join("\n  ")}`;
  }
  if (unknown === undefined) return undefined;
  return `unknown keys found during decoding:\n${stringify(unknown, { indent: 4 })}`;
}

interface Findings {
  readonly minor: number | undefined;
  readonly allowDelete: boolean;
  readonly problems: string[];
}

/** The part of a mapping that is unknown, or undefined. Collects values of the wrong type. */
function inspect(mapping: Mapping, keys: readonly Key[], findings: Findings): Mapping | undefined {
  const unknown: Mapping = {};
  for (const [name, value] of Object.entries(mapping)) {
    if (name === "$patch" && findings.allowDelete) continue;
    const key = keys.find((candidate) => candidate.name === name);
    const rest = key === undefined ? value : inspectValue(value, key, findings);
    if (rest !== undefined) unknown[name] = rest;
  }
  return Object.keys(unknown).length > 0 ? unknown : undefined;
}

function inspectValue(value: Json, key: Key, findings: Findings): Json | undefined {
  if (value === null || key.shape === "any") return undefined;
  if (findings.allowDelete && isMapping(value) && value.$patch === "delete") return undefined;
  const fits = key.shape === "list" ? Array.isArray(value) : isMapping(value);
  if (!fits) {
    const expected = key.shape === "list" ? `[]${key.of ?? "string"}` : (key.of ?? "map");
    findings.problems.push(
      `${key.name}: cannot construct \`${JSON.stringify(value)}\` into ${expected}`,
    );
    return undefined;
  }
  if (key.name === "ports" && Array.isArray(value)) {
    const invalid = value.filter((port) => parsePortRange(port) === undefined);
    findings.problems.push(...invalid.map((port) => `invalid port range: ${JSON.stringify(port)}`));
  }
  if (key.of === undefined) return undefined;
  const keys = keysOf(key.of, findings.minor);
  if (Array.isArray(value)) {
    const unknown = value.map((item) => inspectItem(item, keys, findings));
    const found = unknown.filter((item) => item !== undefined);
    return found.length > 0 ? found : undefined;
  }
  if (!isMapping(value)) return undefined;
  if (key.shape === "structure") return inspect(value, keys, findings);
  const unknown: Mapping = {};
  for (const [name, item] of Object.entries(value)) {
    const rest = inspectItem(item, keys, findings);
    if (rest !== undefined) unknown[name] = rest;
  }
  return Object.keys(unknown).length > 0 ? unknown : undefined;
}

function inspectItem(item: Json, keys: readonly Key[], findings: Findings): Mapping | undefined {
  return isMapping(item) ? inspect(item, keys, findings) : undefined;
}

function order(mapping: Mapping, keys: readonly Key[]): Mapping {
  const names = ["apiVersion", "kind", "name", ...keys.map(({ name }) => name)];
  const position = (name: string) => (names.includes(name) ? names.indexOf(name) : Infinity);
  const sorted = Object.entries(mapping).sort(([a], [b]) => position(a) - position(b) || 0);
  return Object.fromEntries(
    sorted.map(([name, value]) => {
      const key = keys.find((candidate) => candidate.name === name);
      return [name, orderValue(value, key)];
    }),
  );
}

function orderValue(value: Json, key: Key | undefined): Json {
  if (key?.of === undefined) return value;
  const keys = keysOf(key.of);
  const each = (item: Json) => (isMapping(item) ? order(item, keys) : item);
  if (Array.isArray(value)) return value.map(each);
  if (!isMapping(value)) return value;
  if (key.shape === "structure") return order(value, keys);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, each(item)]));
}
