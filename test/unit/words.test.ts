import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createSourceFile,
  forEachChild,
  getLeadingCommentRanges,
  getTrailingCommentRanges,
  isCallExpression,
  isIdentifier,
  isImportDeclaration,
  isJSDoc,
  isPropertyAccessExpression,
  isStringLiteralLike,
  isTemplateHead,
  isTemplateMiddleOrTemplateTail,
  type Expression,
  type Node,
  ScriptTarget,
  type SourceFile,
} from "typescript";

const root = join(__dirname, "..", "..");

/** Words that only this project had, for what the field has a word for: CONTRIBUTING.md's glossary. */
const privateWords = [
  /for life|anew|tak(?:e|es|en|ing) up|(?:what|nothing) stands|departed|fell short/,
  /(?:was|were|been|is|are|be) made(?! of)|makes?\b (?:a|the) cluster|born|birth/,
  /nobody|somebody|whoever|(?:a|the) persons?|an? text|mend(?:s|ed|ing)?|brings? back/,
];

/** More of them, which printed messages may still contain: for comments and titles of tests. */
const privateWordsOfSources = [
  /told(?! apart)|tells|texts|folders?|persons?|cures?|wish(?:es)?|in (?:the|its) words/,
];

const ofStrings = either(privateWords);
const ofSources = either([...privateWords, ...privateWordsOfSources]);

function either(patterns: readonly RegExp[]): RegExp {
  return new RegExp(`\\b(?:${patterns.map(({ source }) => source).join("|")})\\b`, "i");
}

/** Strings and parts of templates in a file, without the names of modules. */
function stringsIn(source: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (isImportDeclaration(node)) return;
    if (isStringLiteralLike(node) || isTemplateHead(node) || isTemplateMiddleOrTemplateTail(node)) {
      found.push(node.text);
    }
    forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Comments in a file, each on one line. */
function commentsIn(source: SourceFile): string[] {
  const { text } = source;
  const found = new Map<number, string>();
  const visit = (node: Node): void => {
    if (isJSDoc(node)) return;
    const ranges = [
      ...(getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of ranges) found.set(pos, text.slice(pos, end));
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return [...found.values()].map((comment) => comment.replace(/\s+(?:\*|\/\/)?\s*/g, " "));
}

/** Titles of the tests and groups of tests in a file. */
function titlesIn(source: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (isCallExpression(node) && /^(?:test|it|describe)$/.test(calledBy(node.expression))) {
      const [title] = node.arguments;
      if (node.arguments.length > 1 && title !== undefined) found.push(title.getText(source));
    }
    forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** "test" of `test`, `test.each` and `test.each(rows)`. */
function calledBy(expression: Expression): string {
  if (isIdentifier(expression)) return expression.text;
  if (isPropertyAccessExpression(expression) || isCallExpression(expression)) {
    return calledBy(expression.expression);
  }
  return "";
}

/** The parts of a directory's sources that have a private word, with their files. */
function withPrivateWords(
  directory: string,
  words: RegExp,
  partsOf: (source: SourceFile) => string[],
): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .map((name) => join(directory, name))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      // Most files need no parser.
      if (!words.test(text.replace(/\s+(?:\*|\/\/)?\s*/g, " "))) return [];
      return partsOf(createSourceFile(file, text, ScriptTarget.Latest, true))
        .filter((part) => words.test(part))
        .map((part) => `${file}: ${part}`);
    });
}

describe("the field's words (create, directory, string, user, immutable) are used", () => {
  test.each(["src", "constructs", "providers"])("in what %s prints", (directory) => {
    expect(withPrivateWords(directory, ofStrings, stringsIn)).toEqual([]);
  });

  test.each(["src", "constructs", "providers", "simulator", "test", "bench"])(
    "in the comments of %s",
    (directory) => {
      expect(withPrivateWords(directory, ofSources, commentsIn)).toEqual([]);
    },
  );

  test.each(["test", "simulator/test"])("in the titles of the tests in %s", (directory) => {
    expect(withPrivateWords(directory, ofSources, titlesIn)).toEqual([]);
  });
});
