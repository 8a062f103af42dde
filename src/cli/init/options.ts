import { type Command, Option } from "commander";
import { cloudNames } from "../../../constructs/cluster";
import { cloudOption, type Given, nameOf, questions } from "./questions";

/** Options as commander hands them over: "adminIp". */
export type InitOptions = Readonly<Record<string, string | undefined>>;

/** An option for each question, and the folder. */
export function withQuestions(command: Command): Command {
  command
    .addOption(new Option(cloudOption.option, "the cloud").choices(cloudNames))
    .option("--dir <folder>", "where to write it, in place of the folder you are in");
  for (const { option, text } of questions) command.option(option, text);
  return command;
}

export function givenBy(options: InitOptions): Given {
  const names = [cloudOption, ...questions].map(nameOf);
  return Object.fromEntries(names.map((name) => [name, options[camelCased(name)]]));
}

function camelCased(name: string): string {
  return name.replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
