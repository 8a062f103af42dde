import { Interrupted } from "../../errors";
import { wrap } from "../../view/messages";
import { harmless, print, shown } from "../../view/output";
import { colors } from "../../view/colors";
import type { Asked, Choices, Prompter } from "./prompter";

/** ES modules, loaded when they are needed. */
async function loadPrompts() {
  const [prompts, core] = await Promise.all([import("@clack/prompts"), import("@clack/core")]);
  // Ctrl-D as well: it closes the terminal's input, and no answer would ever come.
  prompts.updateSettings({ aliases: { "\x04": "cancel" } });
  return { ...prompts, TextPrompt: core.TextPrompt };
}
type Prompts = Awaited<ReturnType<typeof loadPrompts>>;

/** More entries than this scroll. */
const mostItems = 8;

/** The user at the terminal; undefined where there is none. */
export async function personAtTerminal(): Promise<Prompter | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const prompts = await loadPrompts();
  return {
    ask: async (asked) => {
      const { choices } = asked;
      if (asked.isSecret === true) return typedHidden(prompts, asked);
      if (choices === undefined) return typed(prompts, asked);
      return choices.isMany === true
        ? chosenMany(prompts, asked, choices)
        : chosen(prompts, asked, choices);
    },
    tell: print,
  };
}

/** The library writes to the terminal itself, and its output must not be escaped as a whole. */
const dim = (text: string) => shown(colors.dim(text));

/** Marks the entry for an answer to type: no value of a list is empty. */
const other = "";

async function chosen(
  prompts: Prompts,
  asked: Asked,
  { options, other: otherLabel }: Choices,
): Promise<string> {
  const answer = await prompts.select({
    message: asked.text,
    options: [
      ...options.map(({ value, label = value, hint }) => ({
        value,
        label: harmless(label),
        hint: [
          ...(value === asked.usual ? ["default"] : []),
          ...(hint === undefined ? [] : [hint]),
        ].join(", "),
      })),
      ...(otherLabel === undefined ? [] : [{ value: other, label: otherLabel }]),
    ],
    initialValue: asked.usual,
    maxItems: mostItems,
    showInstructions: false,
  });
  const value = answered(prompts, answer);
  return value === other ? typed(prompts, { ...asked, usual: undefined }) : value;
}

async function chosenMany(prompts: Prompts, asked: Asked, { options }: Choices): Promise<string> {
  const usual = (asked.usual ?? "").split(", ");
  const answer = await prompts.multiselect({
    message: asked.text,
    options: options.map(({ value, label = value, hint }) => ({
      value,
      label: harmless(label),
      hint,
    })),
    initialValues: options.map(({ value }) => value).filter((value) => usual.includes(value)),
    required: true,
    maxItems: mostItems,
  });
  return answered(prompts, answer).join(", ");
}

/** An answer to type; its problem is shown while it is typed. */
async function typed(prompts: Prompts, { text, hint, usual, check }: Asked): Promise<string> {
  const { S_BAR, S_BAR_END, symbol } = prompts;
  const line = (title: string, value: string) => `${title}\n${S_BAR}  ${value}`;
  const trimmed = (input: string | undefined) => (input ?? "").trim();
  const prompt = new prompts.TextPrompt({
    ...(usual === undefined ? {} : { placeholder: usual }),
    validate: (input) => check(trimmed(input)),
    render() {
      const title = `${S_BAR}\n${symbol(this.state)}  ${text}`;
      const input = trimmed(this.userInput);
      if (this.state === "submit") return line(title, dim(input === "" ? (usual ?? "") : input));
      if (this.state === "cancel") return line(title, dim(input));
      const problem = input === "" && this.state !== "error" ? undefined : check(input);
      const typing =
        usual !== undefined && input === "" ? `█ ${dim(usual)}` : this.userInputWithCursor;
      const below = problem === undefined ? hint : shown(colors.yellow(problem));
      return [
        line(title, typing),
        ...(below === undefined ? [""] : wrap(below, "").split("\n")).map((part, index) =>
          index === 0 ? `${S_BAR_END}  ${part}` : `   ${part}`,
        ),
      ].join("\n");
    },
  });
  return trimmed(answered(prompts, await prompt.prompt()));
}

async function typedHidden(prompts: Prompts, { text, check }: Asked): Promise<string> {
  const validate = (input: string | undefined) => check(input ?? "");
  return answered(prompts, await prompts.password({ message: text, validate }));
}

/** @throws Interrupted when the prompt was cancelled, or its terminal closed */
function answered<T>(prompts: Prompts, answer: T): Exclude<T, symbol | undefined> {
  if (prompts.isCancel(answer) || answer === undefined) {
    print("Nothing was written.");
    throw new Interrupted();
  }
  return answer as Exclude<T, symbol | undefined>;
}
