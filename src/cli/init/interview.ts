import { UserError } from "../../errors";
import { wrap } from "../../view/messages";
import { problemsAt } from "./check";
import type { Asked, Prompter } from "../terminal/prompter";
import { type Given, nameOf } from "./cloud-option";
import { type Question, questions, type Surroundings, usualAnswer } from "./questions";
import { type Values, withValue } from "./values";

/** Why an answer is refused. */
interface Refusal {
  readonly question: Pick<Question, "option">;
  readonly problem: string;
}

/**
 * The values of a whole input: each from its option, from the user, or the default; each checked as
 * synth does, and asked for again when it is invalid.
 * @param prompter Undefined where there is no terminal: then nothing is asked
 * @throws UserError with everything that is missing or invalid; when the user cancels
 */
export async function interview(
  around: Surroundings,
  given: Given,
  prompter: Prompter | undefined,
): Promise<Values> {
  let values = beginning(around);
  const missing: Question[] = [];
  const wrong: Refusal[] = [];
  for (const question of questions) {
    const option = given[nameOf(question)];
    const usual = usualAnswer(question, around, values);
    const answer = option ?? usual;
    const asked = prompter !== undefined && question.isAsked !== false;
    if (asked && option === undefined && !isMoot(question, usual)) {
      values = await askFor(question, around, values, prompter);
    } else if (answer === undefined) {
      if (question.isOptional !== true) missing.push(question);
    } else {
      const taken = take(question, answer, around, values);
      if (taken.problem === undefined) ({ values } = taken);
      else if (asked) {
        prompter.tell(`  --${nameOf(question)} ${answer}\n${wrap(taken.problem, "    ")}`);
        values = await askFor(question, around, values, prompter);
      } else if (option === undefined) {
        // Machine types of the example are not sold in every zone; there the zone's own default is
        // used.
        values = withValue(values, question.path(around.cloud), undefined);
      } else wrong.push({ question, problem: taken.problem });
    }
  }
  if (missing.length > 0 || wrong.length > 0) throw refused(missing, wrong);
  return values;
}

/** The example without its placeholders for a user's own values. */
function beginning({ cloud, example }: Surroundings): Values {
  return questions
    .filter(({ startsFromExample }) => startsFromExample === false)
    .reduce((values, { path }) => withValue(values, path(cloud), undefined), example.values);
}

/** A question with a single choice is not asked: the zones of a region that has only one. */
function isMoot(question: Question, usual: string | undefined): boolean {
  return question.isMootWithoutUsual === true && usual === undefined;
}

async function askFor(
  question: Question,
  around: Surroundings,
  values: Values,
  prompter: Prompter,
): Promise<Values> {
  const usual = usualAnswer(question, around, values);
  const taken = (typed: string): Taken => {
    const answer = typed === "" ? usual : typed;
    if (answer !== undefined) return take(question, answer, around, values);
    return question.isOptional === true ? { values } : { values, problem: "Required." };
  };
  const asked: Asked = {
    text: capitalized(question.text),
    ...(question.hint === undefined || usual !== undefined ? {} : { hint: question.hint }),
    ...(usual === undefined && question.isOptional === true ? { usual: "none" } : { usual }),
    choices: question.choices?.(around, values),
    check: (answer) => taken(answer).problem,
  };
  for (;;) {
    const { values: next, problem } = taken(await prompter.ask(asked));
    if (problem === undefined) return next;
    prompter.tell(wrap(problem, "    "));
  }
}

interface Taken {
  readonly values: Values;
  /** The problem that synth would report for the answer. */
  readonly problem?: string;
}

/** The values with an answer, or unchanged with its problem. */
function take(question: Question, answer: string, around: Surroundings, values: Values): Taken {
  try {
    const path = question.path(around.cloud);
    const next = withValue(values, path, valueOf(question, answer, around));
    const errors = problemsAt(next, path).filter(({ severity }) => severity === "error");
    return errors.length === 0
      ? { values: next }
      : { values, problem: errors.map(({ summary: text }) => text).join("\n") };
  } catch (error) {
    return { values, problem: (error as Error).message };
  }
}

function valueOf({ resolve, read }: Question, answer: string, around: Surroundings): unknown {
  if (resolve !== undefined) return resolve(answer, around);
  return read === undefined ? answer : read(answer);
}

/** @param missing With a command to find it, where that is not obvious */
export function refused(
  missing: readonly Pick<Question, "option" | "text" | "hint">[],
  wrong: readonly Refusal[],
): UserError {
  const parts = wrong.map(
    ({ question, problem }) => `  --${nameOf(question)}\n${wrap(problem, "      ")}`,
  );
  if (missing.length > 0) {
    const width = Math.max(...missing.map(({ option }) => option.length));
    parts.push(
      "There is no terminal to ask on. These are missing:",
      missing
        .map(({ option, text, hint }) =>
          [
            `  ${option.padEnd(width)}  ${text}`,
            ...(hint === undefined ? [] : [`      ${hint}`]),
          ].join("\n"),
        )
        .join("\n"),
    );
  }
  return new UserError(["Nothing was written.", ...parts].join("\n\n"));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
