import { createInterface } from "node:readline/promises";
import { UserError } from "../../errors";
import { isControlPlane } from "../cluster/node-order";
import type { PlanWarning } from "./warnings";
import { print, shown } from "../../view/output";

export interface Consent {
  /** --yes. It never covers the loss of a control plane, or an opening to the internet. */
  readonly yes: boolean;
  /** Nodes that may be replaced, restarted or destroyed, by name, and "internet": --allow. */
  readonly allow: readonly string[];
}

export interface Question extends Consent {
  /** Nodes go one after the other, so that etcd keeps its quorum. */
  readonly isStaged: boolean;
}

/**
 * Asks on a terminal.
 * @returns whether the answer is yes
 * @throws UserError when it is not a terminal, or when a plan that cannot be applied in stages
 *   removes more than one control plane without naming them
 */
export async function confirm(
  question: string,
  warnings: readonly PlanWarning[],
  consent: Question,
): Promise<boolean> {
  const open = warnings.filter((warning) => !consent.allow.includes(wordFor(warning)));
  const controlPlanes = open.flatMap(({ node }) =>
    node !== undefined && isControlPlane(node) ? [node] : [],
  );
  if (controlPlanes.length > 1 && !consent.isStaged) {
    throw new UserError(
      `Refused: this takes ${controlPlanes.join(", ")} at the same time, and etcd loses its quorum. ` +
        "Go one node at a time, or name them:\n\n" +
        `  ${controlPlanes.map((node) => `--allow ${node}`).join(" ")}`,
    );
  }
  const needed = consent.yes
    ? open.filter(isGrave)
    : open.filter(({ isGated }) => isGated !== true);
  if (needed.length === 0 && consent.yes) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const grave = open.filter(isGrave);
    const named = grave.filter((warning) => wordFor(warning) !== anyWord).map(wordFor);
    const allow = [...new Set(named)].map((word) => ` --allow ${word}`).join("");
    throw new UserError(
      consent.yes
        ? `--yes does not cover this: ${needed.map(({ summary }) => summary).join("; ")}. ` +
            (allow === "" ? "It needs confirmation at a terminal." : `Name it:${allow}`)
        : `Not a terminal: cannot ask for confirmation. Pass --yes${allow}`,
    );
  }
  for (const { summary, word } of questions(needed, consent.isStaged)) {
    if ((await ask(`${summary}. Type ${word} to go on: `)) !== word) return false;
  }
  if (consent.yes) return true;
  return /^y(es)?$/i.test(await ask(`${question} [y/N] `));
}

const anyWord = "yes";

/** One for all control planes that go one after the other, and one for each other warning. */
function questions(
  warnings: readonly PlanWarning[],
  isStaged: boolean,
): { readonly summary: string; readonly word: string }[] {
  const isRolled = (warning: PlanWarning) => isStaged && warning.node !== undefined;
  const rolled = warnings.filter(isRolled);
  const roll = {
    summary: rolled.map(({ summary }) => summary).join(", "),
    word: namesOf(rolled.map(wordFor)).join(" "),
  };
  const others = warnings.filter((warning) => !isRolled(warning));
  return [
    ...(rolled.length === 0 ? [] : [roll]),
    ...others.map((warning) => ({ summary: warning.summary, word: wordFor(warning) })),
  ];
}

/** Control planes by name, workers too unless they are many. */
function namesOf(nodes: readonly string[]): string[] {
  const controlPlanes = nodes.filter(isControlPlane);
  const workers = nodes.filter((node) => !controlPlanes.includes(node));
  return [...controlPlanes, ...(workers.length > 4 ? [`${workers.length} workers`] : workers)];
}

/** What to type at the terminal, or after --allow, to consent. */
function wordFor({ consent, node }: PlanWarning): string {
  return consent ?? node ?? anyWord;
}

/**
 * Whether --yes does not cover it: the loss of a control plane or of the keys, and whatever has a
 * consent word of its own.
 */
function isGrave({ consent, isGated, losesCluster, losesNothing, node }: PlanWarning): boolean {
  if (losesNothing === true || isGated === true) return false;
  if (consent !== undefined || losesCluster === true) return true;
  return node !== undefined && isControlPlane(node);
}

/**
 * Asks for the cluster's name before all that it has is lost.
 * @param verb "destroy"
 * @param given The name, as an option
 * @throws UserError when it is not a terminal, or another name was given
 */
export async function isConfirmedByName(
  verb: string,
  name: string,
  given: string | undefined,
): Promise<boolean> {
  if (given !== undefined && given !== name) {
    throw new UserError(`This cluster is called ${name}, not ${given}. Nothing was changed.`);
  }
  if (given === name) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(`Not a terminal: cannot ask for confirmation. Pass --name ${name}`);
  }
  return (await ask(`Type its name to ${verb} it: `)) === name;
}

/** One line from the terminal; "" when it is closed, or after Ctrl-C. */
export async function ask(question: string): Promise<string> {
  let isAnswered = false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) =>
    terminal.once("close", () => {
      // The next output starts on a new line.
      if (!isAnswered) print("");
      resolve("");
    }),
  );
  try {
    const answer = await Promise.race([terminal.question(shown(question)), closed]);
    isAnswered = true;
    return answer.trim();
  } finally {
    terminal.close();
  }
}
