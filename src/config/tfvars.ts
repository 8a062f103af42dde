import { getExpressionAst, parse } from "@cdktf/hcl2json";
import type { InputPath } from "../../constructs/report";

/** Where a value stands. */
export interface Place {
  readonly path: InputPath;
  /** "tofu.tfvars:9" */
  readonly where: string;
}

export interface Tfvars {
  readonly values: Readonly<Record<string, unknown>>;
  readonly places: readonly Place[];
  /** Values that are no plain values: references, calls, operators. */
  readonly expressions: readonly InputPath[];
}

export interface SyntaxProblem {
  /** "tofu.tfvars:3:5" */
  readonly where: string;
  readonly text: string;
}

/** The file is not what its name says. */
export class SyntaxProblems extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly SyntaxProblem[],
  ) {
    super(problems.map(({ where, text }) => `${where}: ${text}`).join("\n"));
  }
}

/**
 * Reads the text of a tfvars file, HCL or (by its name) JSON.
 * @throws SyntaxProblems
 */
export async function parseTfvars(name: string, text: string): Promise<Tfvars> {
  const isJson = name.endsWith(".json"); // where tofu takes every text as it stands
  const values = isJson ? parseJson(name, text) : await parseHcl(name, text);
  const places: Place[] = [];
  const expressions: InputPath[] = [];
  const tree = await syntaxTree(name, text).catch((error: unknown) => {
    // Some JSON is no HCL ("\\/", "${"): it is read all the same, only without its lines.
    if (!isJson) throw error;
  });
  if (tree === undefined) return { values, places, expressions };
  walk(tree, [], (node, path) => {
    places.push({ path, where: `${name}:${node.range.start.line}` });
    if (!isJson && !isPlain(node)) expressions.push(path);
  });
  return { values, places, expressions };
}

async function parseHcl(name: string, text: string): Promise<Record<string, unknown>> {
  try {
    return unescaped(await parse(name, text)) as Record<string, unknown>;
  } catch (error) {
    throw new SyntaxProblems(name, hclProblems(name, (error as Error).message));
  }
}

/** hcl2json writes texts as configuration in JSON wants them: `$${` for a plain `${`. */
function unescaped(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(/([$%])\1\{/g, "$1{");
  if (Array.isArray(value)) return value.map(unescaped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unescaped(item)]));
}

/** The parser's "[name:1,5-2,1: Summary; Detail, name:3,1-2: …]" as problems with line and column. */
function hclProblems(name: string, message: string): SyntaxProblem[] {
  const one = /:(\d+),(\d+)-[\d,]+: ([^;]+); (.*?)(?=,? \S+:\d+,\d+-[\d,]+: |\]$)/gs;
  const problems = [...message.matchAll(one)].map(([, line, column, summary, detail]) => ({
    where: `${name}:${line}:${column}`,
    text: `${summary}: ${detail}`,
  }));
  return problems.length > 0 ? problems : [{ where: name, text: message }];
}

function parseJson(name: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Without the piece of the text that Node quotes.
    const text = (error as Error).message.split(/, (?:\.\.\.)?"/)[0] ?? "";
    throw new SyntaxProblems(name, [{ where: name, text: `Not valid JSON: ${text}.` }]);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxProblems(name, [{ where: name, text: "It must be one JSON object." }]);
  }
  return value as Record<string, unknown>;
}

/** What hcl2json tells of an expression, as far as it is used here. */
interface SyntaxNode {
  readonly type: string;
  readonly children: readonly SyntaxNode[];
  readonly range: {
    readonly start: { readonly line: number; readonly byte: number };
    readonly end: { readonly byte: number };
  };
  /** Texts of this file, by the bytes of a range. */
  readonly text: (node: SyntaxNode) => string;
}

const plainTypes = ["literalValue", "template", "object", "tuple"];

function isPlain(node: SyntaxNode): boolean {
  const isNegative = node.type === "unaryOp" && node.children.every(isPlain);
  return isNegative || plainTypes.includes(node.type);
}

/** A tfvars file between braces is an object expression, whose tree says where everything stands. */
async function syntaxTree(name: string, text: string): Promise<SyntaxNode> {
  const braced = name.endsWith(".json") ? text : `{\n${text}\n}`;
  const bytes = Buffer.from(braced);
  const shift = name.endsWith(".json") ? 1 : 0;
  const convert = (node: RawNode): SyntaxNode => ({
    type: node.type,
    children: (node.children ?? []).map(convert),
    range: {
      start: { line: node.range.start.line + shift, byte: node.range.start.byte },
      end: { byte: node.range.end.byte },
    },
    text: ({ range }) => bytes.subarray(range.start.byte, range.end.byte).toString(),
  });
  return convert(await expressionTree(name, braced));
}

/** @throws SyntaxProblems; never with the parser's own words, which repeat the whole text */
async function expressionTree(name: string, text: string): Promise<RawNode> {
  try {
    const tree = (await getExpressionAst(name, text)) as RawNode | null;
    if (tree !== null) return tree;
  } catch (error) {
    const line = /:(\d+),\d+-[\d,]+: [^']*$/.exec((error as Error).message)?.[1];
    throw notAssignments(line === undefined ? name : `${name}:${line}`);
  }
  throw notAssignments(name);
}

function notAssignments(where: string): SyntaxProblems {
  const text = "Only lines of the form name = value belong here, no blocks.";
  return new SyntaxProblems(where.split(":")[0] ?? where, [{ where, text }]);
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
  visit: (node: SyntaxNode, path: InputPath) => void,
): void {
  if (node.type === "object") {
    for (let i = 0; i + 1 < node.children.length; i += 2) {
      const [key, value] = node.children.slice(i, i + 2) as [SyntaxNode, SyntaxNode];
      const step = node.text(key).replace(/^"|"$/g, "");
      visit({ ...value, range: { ...value.range, start: key.range.start } }, [...path, step]);
      walk(value, [...path, step], visit);
    }
  } else if (node.type === "tuple") {
    node.children.forEach((item, index) => {
      visit(item, [...path, index]);
      walk(item, [...path, index], visit);
    });
  } else if (
    node.type === "template" &&
    node.children.some((part) => part.type !== "literalValue")
  ) {
    visit({ ...node, type: "expression" }, path);
  }
}
