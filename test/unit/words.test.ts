import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createSourceFile,
  forEachChild,
  isImportDeclaration,
  isStringLiteralLike,
  isTemplateHead,
  isTemplateMiddleOrTemplateTail,
  type Node,
  ScriptTarget,
} from "typescript";

const root = join(__dirname, "..", "..");

/** Words that only this project had, for what the field has a word for: CONTRIBUTING.md's glossary. */
const privateWords =
  /\b(for life|anew|taken? up|takes up|what stands|nothing stands|(was|were|been|is|are) made|makes?\b (?:a|the) cluster|nobody|somebody|a person|the person|a text|mend(s|ed)?|departed|fell short)\b/i;

/** Strings and parts of templates that a file has, but for the names of modules. */
function stringsIn(file: string): string[] {
  const source = createSourceFile(file, readFileSync(file, "utf8"), ScriptTarget.Latest, true);
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

function sourcesIn(directory: string): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(directory, name));
}

test.each(["src", "constructs", "providers"])(
  "what %s prints has the field's words: create, directory, string, user, immutable",
  (directory) => {
    const found = sourcesIn(directory).flatMap((file) =>
      stringsIn(join(root, file))
        .filter((text) => privateWords.test(text))
        .map((text) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  },
);
