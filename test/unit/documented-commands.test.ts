import { describe, expect, test } from "@jest/globals";
import type { Command } from "commander";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { questions } from "../../src/cli/init/questions";
import { createProgram } from "../../src/cli/program";

const root = join(__dirname, "..", "..");

/** The command line without its actions: a line is parsed, and nothing done. */
function parser(): Command {
  const program = createProgram(() => undefined, questions);
  const silence = (command: Command) => {
    command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
      .action(() => undefined);
    command.commands.forEach(silence);
  };
  program.commands.forEach(silence);
  return program.configureOutput({ writeErr: () => undefined });
}

/** The command line's error for a line; undefined when it is valid. */
function refusal(line: string): string | undefined {
  const words = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  try {
    parser().parse(words, { from: "user" });
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const isInformation = code === "commander.helpDisplayed" || line === "--version";
    return isInformation ? undefined : message;
  }
}

/** The arguments of every `openaether …` in a page. */
function linesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w/-])(?:\.\/)?openaether (?=[a-z-])([^\n`#|;)&"]+)/g)]
    .map(([, args = ""]) => args.replace(/ {2,}.*$/, "").trim())
    .filter((args) => /^(--?\w|[a-z]+( |$))/.test(args));
}

const pages = [
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

describe("every documented `openaether` line is valid", () => {
  test.each(pages)("%s", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    // Only commands: sentences contain "openaether" too, and what follows it is delimited by
    // backquotes or a block.
    const typed = [
      ...[...text.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, block = ""]) => block),
      ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code),
    ].flatMap(linesIn);
    expect(typed.map((line) => [line, refusal(line)]).filter(([, why]) => why)).toEqual([]);
  });

  test("in the examples of --help", () => {
    const program = parser();
    const helps: string[] = [];
    const collect = (command: Command) => {
      let text = "";
      command.configureOutput({ writeOut: (part) => (text += part) });
      command.outputHelp();
      helps.push(text.split("Examples:")[1] ?? "");
      command.commands.forEach(collect);
    };
    program.commands.forEach(collect);
    const lines = helps.flatMap(linesIn);
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.map((line) => [line, refusal(line)]).filter(([, why]) => why)).toEqual([]);
  });

  test("and one with an unknown option is found", () => {
    expect(linesIn("./openaether up --force   # now")).toEqual(["up --force"]);
    expect(refusal("up --force")).toContain("unknown option '--force'");
    expect(refusal("upp")).toContain("unknown command 'upp'");
  });
});
