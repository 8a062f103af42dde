import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { mainKind } from "./keys";

/** A document of a patch. */
export interface PatchDocument {
  /** "v1alpha1" for the one with machine and cluster. */
  readonly kind: string;
  readonly apiVersion: string | undefined;
  readonly name: string | undefined;
  readonly line: number;
  readonly content: Mapping;
}

/** A value of a patch, with its line. */
export type Value = Mapping | List | Single;

export interface Mapping {
  readonly is: "mapping";
  readonly line: number;
  readonly entries: readonly {
    readonly key: string;
    readonly line: number;
    readonly value: Value;
  }[];
  /** `$patch: delete` stands in it: what has this value is removed. */
  readonly isDeletion: boolean;
}

export interface List {
  readonly is: "list";
  readonly line: number;
  readonly items: readonly Value[];
}

/** A scalar. */
export interface Single {
  readonly is: "single";
  readonly line: number;
  readonly value: string | number | boolean | null;
  /** As it is written, without quotes. */
  readonly source: string;
  /** Without quotes in the patch: Talos may read a number or a boolean. */
  readonly isPlain: boolean;
}

/** Something wrong in a patch. */
export interface Finding {
  readonly line: number;
  readonly text: string;
}

/** The documents of a patch, or what is wrong with its form. */
export type Parsed =
  { readonly documents: readonly PatchDocument[] } | { readonly problem: Finding };

class Unreadable extends Error {
  constructor(
    readonly line: number,
    text: string,
  ) {
    super(text);
  }
}

/** YAML, of which JSON is a part; empty documents are left out. */
export function parsePatch(text: string): Parsed {
  try {
    checkCharacters(text);
    return { documents: documentsOf(text) };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: { line: error.line, text: error.message } };
    if (error instanceof RangeError)
      return { problem: { line: 1, text: "It is nested too deeply." } };
    throw error;
  }
}

/** What one parser takes for a line break, and another one does not, could hide a setting from the checks. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const unclear = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\r(?!\n)/;

function checkCharacters(text: string): void {
  const found = unclear.exec(text);
  if (found !== null) {
    throw new Unreadable(lineAt(text, found.index), "It holds a character that cannot be seen.");
  }
  const directive = /^%/m.exec(text);
  if (directive !== null) {
    throw new Unreadable(lineAt(text, directive.index), "Directives (%…) do not belong here.");
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** By the parser's codes; its own messages repeat the text, which may be a secret. */
const mistakes: Readonly<Record<string, string>> = {
  BAD_INDENT: "This is no YAML: the indentation does not fit the lines before.",
  BAD_SCALAR_START: "This is no YAML: quotes are missing around a value with this beginning.",
  BLOCK_AS_IMPLICIT_KEY: "This is no YAML: two keys in one line.",
  DUPLICATE_KEY: "This key is there already. Keep one.",
  MISSING_CHAR: "This is no YAML: a character is missing, such as a colon, a quote or a bracket.",
  TAB_AS_INDENT: "This is no YAML: tabs cannot indent. Use spaces.",
};

function documentsOf(text: string): PatchDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "silent",
    keepSourceTokens: false,
  });
  if (!Array.isArray(parsed)) return [];
  const documents: PatchDocument[] = [];
  for (const { errors, contents } of parsed) {
    const [error] = errors;
    if (error !== undefined) {
      throw new Unreadable(
        lines.linePos(error.pos[0]).line,
        mistakes[error.code] ?? "This is no YAML.",
      );
    }
    if (contents === null) continue;
    const value = convert(contents, lines);
    if (value.is === "single" && value.value === null) continue;
    documents.push(documentOf(value));
  }
  return documents;
}

function documentOf(content: Value): PatchDocument {
  if (content.is === "list") throw new Unreadable(content.line, operations(content));
  if (content.is === "single") {
    throw new Unreadable(content.line, "No patch: settings belong here, machine: … or kind: ….");
  }
  const kind = textAt(content, "kind");
  return {
    kind: kind ?? mainKind,
    apiVersion: textAt(content, "apiVersion"),
    name: textAt(content, "name"),
    line: content.line,
    content,
  };
}

/** Talos's own message for every configuration of several documents, which all of ours are. */
function operations(list: List): string {
  const path = list.items
    .flatMap((item) => (item.is === "mapping" ? [textAt(item, "path")] : []))
    .find((one) => one !== undefined);
  const steps = path?.split("/").filter((step) => /^[\w.~-]+$/.test(step)) ?? [];
  const form =
    steps.length === 0
      ? "machine: { … }"
      : steps.map((step) => `${step.replaceAll("~1", "/")}: `).join("{ ") +
        "…" +
        " }".repeat(steps.length - 1);
  return `A list is a JSON 6902 patch: Talos does not support those for configurations of several documents, as all are here. Write a strategic merge patch: ${form}`;
}

function textAt(mapping: Mapping, key: string): string | undefined {
  const value = mapping.entries.find((entry) => entry.key === key)?.value;
  return value?.is === "single" && value.value !== null ? value.source : undefined;
}

/** @throws Unreadable for what Talos and this program could understand differently */
function convert(node: unknown, lines: LineCounter): Value {
  if (!isNode(node)) {
    return { is: "single", line: 0, value: null, source: "", isPlain: true };
  }
  const line = lines.linePos(node.range?.[0] ?? 0).line;
  if (isAlias(node)) throw new Unreadable(line, "Aliases (*…) do not belong here: write it out.");
  if (node.anchor !== undefined) {
    throw new Unreadable(line, "Anchors (&…) do not belong here: write it out.");
  }
  if (isTagged(node)) throw new Unreadable(line, "Tags (!…) do not belong here.");
  if (isMap(node)) return mapping(node, line, lines);
  if (isSeq(node)) {
    return { is: "list", line, items: node.items.map((item) => convert(item, lines)) };
  }
  if (!isScalar(node)) throw new TypeError("a node of YAML is a map, a list or a scalar");
  return single(node, line);
}

function isTagged(node: Node): boolean {
  return "tag" in node && node.tag !== undefined;
}

function mapping(node: YAMLMap, line: number, lines: LineCounter): Mapping {
  const all = node.items.map(({ key, value }) => {
    const found = convert(key, lines);
    if (found.is !== "single" || found.source === "") {
      throw new Unreadable(found.line === 0 ? line : found.line, "A key is a name, nothing else.");
    }
    if (found.source === "<<") throw new Unreadable(found.line, "Merge keys do not belong here.");
    const converted = convert(value, lines);
    return {
      key: found.source,
      line: found.line,
      value: converted.line === 0 ? { ...converted, line: found.line } : converted,
    };
  });
  const isDeletion = all.some(
    ({ key, value }) => key === "$patch" && value.is === "single" && value.source === "delete",
  );
  const entries = all.filter(({ key }) => !(isDeletion && key === "$patch"));
  return { is: "mapping", line, entries, isDeletion };
}

function single(node: Scalar, line: number): Single {
  const { value, source, type } = node;
  const known =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? value
      : null;
  return {
    is: "single",
    line,
    value: known,
    source: source ?? (typeof value === "string" ? value : String(known ?? "")),
    isPlain: type === "PLAIN",
  };
}
