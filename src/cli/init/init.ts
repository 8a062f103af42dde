import { join } from "node:path";
import type { CloudInfo } from "../../../constructs/cloud-info";
import { cloudInfo } from "../../../providers/info";
import { InputProblems } from "../../config/problems";
import { warnings, wrap } from "../../view/messages";
import { asInput, check } from "./check";
import { chooseCloud } from "./cloud";
import { readExample } from "./example";
import { refuseExisting, writeInput } from "./file";
import { interview, type Person } from "./interview";
import type { Given } from "./cloud-option";
import { renderInput } from "./render";

export interface InitOptions {
  /** Absolute: where tofu.tfvars is to be. */
  readonly folder: string;
  /** The same as the person named it, for the lines to type. @default - the folder they are in */
  readonly dir?: string;
  /** Absolute: where a person's keys lie. */
  readonly home: string;
  /** Absolute: where relative names of files begin. */
  readonly workingFolder: string;
  readonly given: Given;
  /** Undefined where there is no terminal. */
  readonly person?: Person;
}

/**
 * Writes a tofu.tfvars that synth takes.
 * @returns what to tell the person
 * @throws UserError when there is one already, or an answer is missing or wrong; InputProblems when
 *   answers that are right each for itself do not go together
 */
export async function init(options: InitOptions): Promise<string> {
  const { folder, given, person } = options;
  refuseExisting(folder);
  const search = { home: options.home, folder: options.workingFolder };
  const name = await chooseCloud(given, person, search);
  const cloud = cloudInfo[name];
  const example = await readExample(name);
  const around = { cloud: name, example, ...search };
  const values = await interview(around, given, person);

  const problems = check(values);
  const input = asInput(values, join(folder, "tofu.tfvars"));
  if (problems.some(({ severity }) => severity === "error")) {
    throw new InputProblems(input, problems);
  }
  const file = writeInput(folder, renderInput(values, cloud, example));
  return [`Written: ${file}`, warnings(problems, input), nextSteps(cloud, options.dir)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function nextSteps({ name, credentialVariables }: CloudInfo, dir: string | undefined): string {
  const where = dir === undefined ? "" : ` --dir ${dir}`;
  return [
    wrap(
      `Next, with ${credentialVariables.join(", ")} in the environment (docs/clouds/${name}.md leads there, from the account to the Talos image):`,
      "",
    ),
    "",
    `  ./openaether doctor${where}`,
    `  ./openaether plan${where}`,
  ].join("\n");
}
