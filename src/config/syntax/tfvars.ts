import type { InputPath } from "../../../constructs/model/report";
import { type Diagnostic, errorAt } from "../../../constructs/model/diagnostic";
import { hclProblems } from "./hcl-syntax";
import { jsonPlaces } from "./json-places";
import { jsonMistake } from "./json-syntax";
import { checkNesting } from "./nesting";
import { SyntaxProblems } from "../problems";
import { variableNames } from "../schema/variables";

/** The location of a value. */
export interface Place {
  readonly path: InputPath;
  /** "tofu.tfvars:9" */
  readonly where: string;
}

export interface Tfvars {
  readonly values: Readonly<Record<string, unknown>>;
  readonly places: readonly Place[];
  readonly expressions: readonly Expression[];
}

/** A value that is no plain value: a reference, a call, a sum. */
export interface Expression {
  readonly path: InputPath;
  /** What it is, and what to write instead. */
  readonly text: string;
}

/**
 * Parses the content of a tfvars file, HCL or (by its name) JSON.
 * @throws SyntaxProblems
 */
export async function parseTfvars(name: string, text: string): Promise<Tfvars> {
  checkNesting(name, text);
  return name.endsWith(".json") ? readJson(name, text) : readHcl(name, text);
}

/** JSON, where tofu takes every string as it is. */
function readJson(name: string, text: string): Tfvars {
  const values = parseJson(name, text);
  const found = new FoundPlaces(name);
  for (const { path, line } of jsonPlaces(text)) found.add(path, line, true);
  return { values, places: found.all(), expressions: [] };
}

async function readHcl(name: string, text: string): Promise<Tfvars> {
  const parsed = await parseHcl(name, text);
  const values = unescaped(parsed) as Record<string, unknown>;
  const templates = textsWith(/[$%]\{/, parsed);
  if (templates.reduce((sum, { length }) => sum + length, 0) > mostTemplateLetters) {
    // Parsed without its lines: the tree of an expression repeats its source for each of its parts.
    const expressions = templates.filter(({ isLive }) => isLive);
    return {
      values,
      places: [],
      expressions: expressions.map(({ path }) => ({ path, text: anyExpression })),
    };
  }
  const found = new FoundPlaces(name);
  const expressions: Expression[] = [];
  walk(await syntaxTree(name, text), [], (node, path, isNew) => {
    found.add(path, node.range.start.line, isNew);
    if (!isPlain(node)) expressions.push({ path, text: expressionText(node) });
  });
  return { values, places: found.all(), expressions };
}

/** Where the values of a file are, and which name is there twice. */
class FoundPlaces {
  private readonly places: Place[] = [];
  private readonly lines = new Map<string, number>();
  private readonly repeated: Diagnostic[] = [];

  constructor(private readonly name: string) {}

  /** @param isNew Whether nothing else may be at this path. */
  add(path: InputPath, line: number, isNew: boolean): void {
    const where = `${this.name}:${line}`;
    const first = this.lines.get(keyOf(path));
    if (first === undefined) this.lines.set(keyOf(path), line);
    else if (isNew) {
      const mistake = `${path.at(-1)} is set already, in line ${first}. Keep one.`;
      this.repeated.push(errorAt(where, mistake));
    }
    this.places.push({ path, where });
  }

  /** @throws SyntaxProblems where a name is repeated: tofu would take the last one, and say nothing */
  all(): readonly Place[] {
    if (this.repeated.length > 0) throw new SyntaxProblems(this.name, this.repeated);
    return this.places;
  }
}

/** Loaded where it is used: it is HCL's own in WebAssembly, and takes 0.3 s to start. */
const parser = () => import("@cdktf/hcl2json");

async function parseHcl(name: string, text: string): Promise<Record<string, unknown>> {
  try {
    const { parse } = await parser();
    return (await parse(name, text)) as Record<string, unknown>;
  } catch (error) {
    if (/^\s*\{/.test(text)) {
      const mistake = "This is JSON. Its file's name must end in .json: tofu.tfvars.json.";
      throw new SyntaxProblems(name, [errorAt(`${name}:1`, mistake)]);
    }
    throw new SyntaxProblems(name, hclProblems(name, (error as Error).message));
  }
}

/** Characters of all templates together; more are no typo, and take seconds to minutes to locate. */
const mostTemplateLetters = 1000;

interface Template {
  readonly path: InputPath;
  readonly length: number;
  /** False where every sign is escaped, by another one before it. */
  readonly isLive: boolean;
}

/** Strings and names that match, and where. */
function textsWith(pattern: RegExp, value: unknown, path: InputPath = []): Template[] {
  if (typeof value === "string") {
    if (!pattern.test(value)) return [];
    return [
      { path, length: value.length, isLive: pattern.test(value.replaceAll(escapedSign, "")) },
    ];
  }
  if (Array.isArray(value))
    return value.flatMap((item, i) => textsWith(pattern, item, [...path, i]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...textsWith(pattern, key, [...path, key]),
    ...textsWith(pattern, item, [...path, key]),
  ]);
}

const escapedSign = /([$%])\1\{/g;

/** hcl2json escapes strings for JSON configuration: `$${` for a literal `${`. */
function unescaped(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(escapedSign, "$1{");
  if (Array.isArray(value)) return value.map(unescaped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unescaped(item)]));
}

function parseJson(name: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column, summary: mistake } = jsonMistake(text);
    throw new SyntaxProblems(name, [errorAt(`${name}:${line}:${column}`, mistake)]);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const mistake = 'The file is one object: { "cluster_name": "…", … }.';
    throw new SyntaxProblems(name, [errorAt(name, mistake)]);
  }
  return value as Record<string, unknown>;
}

/** The part of hcl2json's expression tree that is used here. */
interface SyntaxNode {
  readonly type: string;
  readonly children: readonly SyntaxNode[];
  readonly range: {
    readonly start: { readonly line: number; readonly byte: number };
    readonly end: { readonly byte: number };
  };
  /** Parts of this file, by byte range. */
  readonly text: (node: SyntaxNode) => string;
}

const plainTypes = ["literalValue", "template", "object", "tuple"];

function isPlain(node: SyntaxNode): boolean {
  const isNegative = node.type === "unaryOp" && node.children.every(isPlain);
  return isNegative || plainTypes.includes(node.type);
}

const anyExpression = "Only plain values belong here: no references, calls or sums.";
const onlyPlain = "only plain values belong here";
const reference = `Without quotes this is a reference, and ${onlyPlain}: a string needs quotes.`;
const template = `A \${…} in a string is a reference, and ${onlyPlain}. A plain \${ is written $\${.`;
const expressionTexts: Readonly<Record<string, string>> = {
  scopeTraversal: reference,
  relativeTraversal: reference,
  splat: reference,
  function: `A call, and ${onlyPlain}: write out what it would give.`,
  templateWrap: template,
  expression: template,
};

/** What a value that is not plain is, in terms that a user may not know. */
function expressionText({ type }: SyntaxNode): string {
  return expressionTexts[type] ?? anyExpression;
}

/** A path as a key of a map. */
export function keyOf(path: InputPath): string {
  return JSON.stringify(path);
}

/** A tfvars file between braces is an object expression, whose tree has the position of everything. */
async function syntaxTree(name: string, text: string): Promise<SyntaxNode> {
  const braced = `{\n${text}\n}`;
  const bytes = Buffer.from(braced);
  const convert = (node: RawNode): SyntaxNode => ({
    type: node.type,
    children: (node.children ?? []).map(convert),
    range: node.range,
    text: ({ range }) => bytes.subarray(range.start.byte, range.end.byte).toString(),
  });
  return convert(await expressionTree(name, braced));
}

/** @throws SyntaxProblems; never with the parser's own message, which repeats the whole file */
async function expressionTree(name: string, text: string): Promise<RawNode> {
  try {
    const { getExpressionAst } = await parser();
    const tree = (await getExpressionAst(name, text)) as RawNode | null;
    if (tree !== null) return tree;
  } catch (error) {
    const line = /:(\d+),\d+-[\d,]+: [^']*$/.exec((error as Error).message)?.[1];
    throw notAssignments(name, text, line === undefined ? undefined : Number(line));
  }
  throw notAssignments(name, text, undefined);
}

/** @param line Of the first block; the braced source has one line more before it */
function notAssignments(name: string, text: string, line: number | undefined): SyntaxProblems {
  const block = line === undefined ? null : /^\s*([a-z_]+)\s*\{/.exec(text.split("\n")[line] ?? "");
  const isOurs = (variableNames as readonly (string | undefined)[]).includes(block?.[1]);
  const mistake = isOurs
    ? `An equals sign is missing: ${block?.[1]} = {`
    : "Only lines of the form name = value belong here, no blocks.";
  return new SyntaxProblems(name, [
    errorAt(line === undefined ? name : `${name}:${line}`, mistake),
  ]);
}

interface RawNode {
  readonly type: string;
  readonly children?: readonly RawNode[];
  readonly range: {
    readonly start: { readonly line: number; readonly byte: number };
    readonly end: { readonly byte: number };
  };
}

function walk(
  node: SyntaxNode,
  path: InputPath,
  visit: (node: SyntaxNode, path: InputPath, isNew: boolean) => void,
): void {
  if (node.type === "object") {
    for (let i = 0; i + 1 < node.children.length; i += 2) {
      const [key, value] = node.children.slice(i, i + 2) as [SyntaxNode, SyntaxNode];
      const step = node.text(key).replace(/^"|"$/g, "");
      visit({ ...value, range: { ...value.range, start: key.range.start } }, [...path, step], true);
      walk(value, [...path, step], visit);
    }
  } else if (node.type === "tuple") {
    node.children.forEach((item, index) => {
      visit(item, [...path, index], true);
      walk(item, [...path, index], visit);
    });
  } else if (
    node.type === "template" &&
    node.children.some((part) => part.type !== "literalValue")
  ) {
    visit({ ...node, type: "expression" }, path, false);
  }
}
