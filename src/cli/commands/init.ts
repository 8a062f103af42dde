import { homedir } from "node:os";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { cloudNames } from "../../../constructs/model/cluster-spec";
import { print } from "../../view/output";
import { exitStatus } from "../exit-status";
import type { InitOption } from "../../config/schema/declaration";
import { cloudOption, type Given, nameOf } from "../init/cloud-option";
import { addCommand, examples, type Exit } from "./command";

/** As commander passes them: "adminIp". */
type InitOptions = Readonly<Record<string, string | undefined>>;

/** @param questions Its options, beside the cloud */
export function addInit(program: Command, exit: Exit, questions: readonly InitOption[]): void {
  const command = addCommand(
    program,
    "init",
    "Create a tofu.tfvars, from answers to a few questions or from options. Never overwrites one.",
  )
    .addOption(new Option(cloudOption.option, "the cloud").choices(cloudNames))
    .option("--dir <directory>", "directory to create it in (default: the current one)");
  for (const { option, text } of questions) command.option(option, text);
  command
    .addHelpText("after", examples("init", "init --cloud ovh --name prod --admin-ip 203.0.113.7"))
    .action(async (options: InitOptions) => {
      const { init } = await import("../init/init.js");
      const { personAtTerminal } = await import("../terminal/terminal.js");
      const { dir } = options;
      const summary = await init({
        directory: resolve(dir ?? "."),
        dir,
        home: process.env["HOME"] ?? homedir(),
        workingDirectory: process.cwd(),
        given: givenBy(options, questions),
        prompter: await personAtTerminal(),
      });
      print(summary);
      exit(exitStatus.done);
    });
}

function givenBy(options: InitOptions, questions: readonly InitOption[]): Given {
  return Object.fromEntries(
    [cloudOption, ...questions].map((one) => [
      nameOf(one),
      options[new Option(one.option).attributeName()],
    ]),
  );
}
