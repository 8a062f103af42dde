import type { Command } from "commander";

/** Reports a command's exit status. */
export type Exit = (status: number) => void;

/**
 * One command: its name, options and examples, and its handler, which loads what it needs when it
 * is called: a help text must not wait for cdktf.
 */
export type AddCommand = (program: Command, exit: Exit) => void;

export function addCommand(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).exitOverride();
}

/** With the options of every command about a cluster. */
export function withClusterOptions(command: Command): Command {
  return command
    .option("--dir <directory>", "directory of tofu.tfvars (default: the current one)")
    .option("--file <file>", "input file, in place of tofu.tfvars");
}

/** For options that can be repeated. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** Command lines without "openaether". */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  openaether ${line}`).join("\n")}`;
}
