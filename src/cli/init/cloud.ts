import { type CloudName, cloudNames } from "../../../constructs/model/cluster-spec";
import { cloudInfo } from "../../../providers/info";
import { readExample } from "./example";
import type { Asked, Prompter } from "../terminal/prompter";
import { refused } from "./interview";
import { cloudOption, type Given, nameOf } from "./cloud-option";
import { type Question, questions, usualAnswer } from "./questions";
import type { KeySearch } from "./ssh-key";

/** The default, where the user is asked. */
const [usual] = cloudNames;

/**
 * Comes before all others, whose defaults depend on it.
 * @throws UserError when it is missing, with what else is
 */
export async function chooseCloud(
  given: Given,
  prompter: Prompter | undefined,
  search: KeySearch,
): Promise<CloudName> {
  const known = cloudNames.find((name) => name === given[nameOf(cloudOption)]);
  if (known !== undefined) return known;
  if (prompter === undefined) {
    throw refused([cloudOption, ...(await otherwiseMissing(given, search))], []);
  }
  const nameIn = (answer: string) =>
    answer === "" ? usual : cloudNames.find((name) => name === answer);
  const asked: Asked = {
    text: "The cloud",
    usual,
    choices: {
      options: cloudNames.map((name) => ({ value: name, label: cloudInfo[name].title })),
    },
    check: (answer) =>
      nameIn(answer) === undefined ? `Not a cloud. Allowed: ${cloudNames.join(", ")}.` : undefined,
  };
  for (;;) {
    const answer = await prompter.ask(asked);
    const name = nameIn(answer);
    if (name !== undefined) return name;
    prompter.tell(`    ${asked.check(answer) ?? ""}`);
  }
}

/** What is missing on any cloud. */
async function otherwiseMissing(given: Given, search: KeySearch): Promise<Question[]> {
  const example = await readExample(usual);
  const around = { cloud: usual, example, ...search };
  return questions.filter(
    (question) =>
      given[nameOf(question)] === undefined &&
      question.isOptional !== true &&
      usualAnswer(question, around, example.values) === undefined,
  );
}
