import { type Command, InvalidArgumentError } from "commander";

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

/** With the options that say whose bucket an s3://NAME/PREFIX is. */
export function withBucketOptions(command: Command): Command {
  return command
    .option("--cloud <cloud>", "of a bucket: the cloud whose object store has it")
    .option("--endpoint <url>", "of a bucket: the address of another S3 store, in place of a cloud")
    .option("--region <region>", "of a bucket: its region")
    .option("--profile <name>", "of a bucket: a profile of ~/.aws/credentials");
}

/** For options that can be repeated. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** @throws InvalidArgumentError for anything but "90s", "15m", "2h", of a second to a day */
export function milliseconds(value: string): number {
  const [, count = "", unit = ""] = /^(\d{1,5})([smh])$/.exec(value) ?? [];
  const time = Number(count) * (units[unit] ?? 0);
  if (time > 0 && time <= 86_400_000) return time;
  throw new InvalidArgumentError("A time such as 90s, 15m or 2h, at most 24h.");
}

/** Command lines without "openaether". */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  openaether ${line}`).join("\n")}`;
}
