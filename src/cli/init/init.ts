import { join } from "node:path";
import type { CloudInfo } from "../../../constructs/cloud-info";
import { cloudInfo } from "../../../providers/info";
import { InputProblems } from "../../config/problems";
import { warnings, wrap } from "../../view/messages";
import { asInput, check } from "./check";
import { chooseCloud } from "./cloud";
import { readExample } from "./example";
import { refuseExisting, writeInput } from "./file";
import type { Prompter } from "../terminal/prompter";
import { interview } from "./interview";
import type { Given } from "./cloud-option";
import { createPassphrase, type PassphraseFile } from "./passphrase";
import { renderInput } from "./render";

export interface InitOptions {
  /** Absolute: the directory of the new tofu.tfvars. */
  readonly directory: string;
  /** The same as the user gave it, for the commands to paste. @default - the current directory */
  readonly dir?: string;
  /** Absolute: the parent of the user's .ssh. */
  readonly home: string;
  /** Absolute: the base of relative file names. */
  readonly workingDirectory: string;
  readonly given: Given;
  /** Undefined where there is no terminal. */
  readonly prompter?: Prompter;
}

/**
 * Writes a tofu.tfvars that synth accepts.
 * @returns what to print
 * @throws UserError when there is one already, or an answer is missing or invalid; InputProblems
 * when
 *   answers that are valid alone do not go together
 */
export async function init(options: InitOptions): Promise<string> {
  const { directory, given, prompter } = options;
  refuseExisting(directory);
  const search = { home: options.home, directory: options.workingDirectory };
  const name = await chooseCloud(given, prompter, search);
  const cloud = cloudInfo[name];
  const example = await readExample(name);
  const around = { cloud: name, example, ...search };
  const values = await interview(around, given, prompter);

  const problems = check(values);
  const input = asInput(values, join(directory, "tofu.tfvars"));
  if (problems.some(({ severity }) => severity === "error")) {
    throw new InputProblems(input, problems);
  }
  const passphrase = createPassphrase(directory, values);
  const file = writeOrUndo(passphrase, () =>
    writeInput(directory, renderInput(values, cloud, example)),
  );
  return [
    `Written: ${file}`,
    warnings(problems, input),
    passphrase === undefined ? "" : wrap(passphrase.advice, ""),
    nextSteps(cloud, options.dir),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Another process may have written an input meanwhile. */
function writeOrUndo(passphrase: PassphraseFile | undefined, write: () => string): string {
  try {
    return write();
  } catch (error) {
    passphrase?.undo();
    throw error;
  }
}

function nextSteps({ name, credentialVariables }: CloudInfo, dir: string | undefined): string {
  const where = dir === undefined ? "" : ` --dir ${dir}`;
  return [
    wrap(
      `Next, with ${credentialVariables.join(", ")} in the environment (docs/clouds/${name}.md leads there):`,
      "",
    ),
    "",
    `  ./openaether doctor${where}`,
    `  ./openaether image create${where}`,
    `  ./openaether plan${where}`,
  ].join("\n");
}
