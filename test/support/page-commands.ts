import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The commands in the code blocks under a heading of a page in docs/, as a reader types them. */
export function commandsOf(page: string, heading: string): string[] {
  const text = readFileSync(join(__dirname, "..", "..", "docs", page), "utf8");
  const [, section] = text.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`${page} has no "${heading}"`);
  const [own = ""] = section.split(/\n## /);
  return [...own.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = ""]) =>
    block.split("\n").filter((line) => line !== ""),
  );
}

/** The arguments of a command line of ours, with the reader's values for its placeholders. */
export function argumentsOf(line: string, values: Readonly<Record<string, string>>): string[] {
  const [program, ...words] = line.split(" ");
  if (program !== "./openaether") throw new Error(`not a command of ours: ${line}`);
  return words.map((word) => values[word] ?? word);
}
