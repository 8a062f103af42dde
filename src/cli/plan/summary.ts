import { colors } from "../../view/colors";
import type { AccessChange } from "./access";
import type { PlanWarning } from "./warnings";
import { type Action, type Change, parts } from "./changes";
import type { Inside } from "./inside";
import { insideHeadline, insideLines } from "./inside-summary";
import { count, shortened } from "./names";
import { imagesText } from "./node-images";
import { type Stage, stageTitle } from "./stages";

export interface PlanSummary {
  /** "prod on Scaleway, fr-par" */
  readonly title: string;
  readonly changes: readonly Change[];
  readonly warnings: readonly PlanWarning[];
  readonly access: readonly AccessChange[];
  /** How many resources exist already. */
  readonly existing: number;
  /** None of the cluster's resources is in the cloud yet. */
  readonly isNew: boolean;
  /** How it is applied. @default - at once */
  readonly stages?: readonly Stage[];
  /** What changes inside the nodes. @default - they were not looked at */
  readonly inside?: Inside;
}

const marks: Readonly<Record<Action, string>> = {
  create: colors.green("+"),
  update: colors.yellow("~"),
  replace: colors.red("±"),
  destroy: colors.red("-"),
};

/** The summary of a plan: dangerous changes first, then each part of the cluster. */
export function summarizePlan(plan: PlanSummary): string {
  const { title, changes, warnings, access, existing, isNew, inside } = plan;
  const ofNodes = inside === undefined ? [] : insideLines(inside, changes);
  if (changes.length === 0) return [unchanged(plan), ...ofNodes].join("\n");
  const insideNodes = insideHeadline(inside?.changes ?? []);
  const what = headline(changes, warnings);
  const lines = [`${title}: ${insideNodes === undefined ? what : `${what}; ${insideNodes}`}`, ""];
  for (const { summary, detail, because } of warnings) {
    lines.push(`  ${colors.red("!")}  ${colors.bold(summary)}  (${detail})`);
    if (because !== undefined) lines.push(`       because ${because}`);
  }
  if (warnings.length > 0) lines.push("");
  for (const part of parts) {
    const ofPart = changes.filter((change) => change.part === part);
    if (ofPart.length > 0) lines.push(...partLines(part, ofPart));
  }
  const images = imagesText(changes);
  if (images !== undefined) lines.push(`     image of new nodes  ${images}`);
  if (!isNew) lines.push(...access.flatMap(accessLines));
  lines.push(...ofNodes);
  if (plan.stages !== undefined && plan.stages.length > 1) {
    lines.push("", `Applied in stages: ${plan.stages.map(shortTitle).join(", then ")}.`);
  }
  const touched = changes.filter(({ action }) => action !== "create").length;
  const rest = isNew ? "" : `Unchanged: ${count(existing - touched, "resource")}. `;
  lines.push("", `${rest}Every attribute: openaether plan --full`);
  return lines.join("\n");
}

/** A hundred new workers are not listed one by one. */
function shortTitle(stage: Stage): string {
  const title = stageTitle(stage, shortened(stage.nodes));
  const isName = stage.nodes.length > 0;
  return isName ? title : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

/** What is said of a plan without changes in the cloud. */
function unchanged({ title, existing, inside }: PlanSummary): string {
  const changed = insideHeadline(inside?.changes ?? []);
  if (changed !== undefined) return `${title}: ${changed}\n`;
  const isKnown = inside?.isAsked === true && inside.silent.length === 0;
  const nodes = isKnown ? ", and the nodes as they should be" : "";
  return `${title}: no changes. ${count(existing, "resource")} up to date${nodes}.`;
}

function headline(changes: readonly Change[], warnings: readonly PlanWarning[]): string {
  const isFirst = changes.every(({ action }) => action === "create");
  const what = isFirst
    ? `${count(changes.length, "resource")} to create`
    : count(changes.length, "change");
  if (warnings.length === 0) return what;
  return `${what}, ${warnings.length} ${warnings.length === 1 ? "needs" : "need"} your attention`;
}

function partLines(part: string, changes: readonly Change[]): string[] {
  const lines: string[] = [];
  for (const action of ["create", "update", "replace", "destroy"] as const) {
    const done = changes.filter((change) => change.action === action);
    if (done.length === 0) continue;
    lines.push(`  ${marks[action]}  ${part.padEnd(18)} ${verbs[action]} ${reported(part, done)}`);
  }
  return lines;
}

function accessLines({ to, allowed, denied, except, isUnknown }: AccessChange): string[] {
  const line = (text: string) => `  ${marks.update}  access: ${text} (${to.join(", ")})`;
  const kept = except.length === 0 ? "" : `, except ${except.join(", ")}`;
  return [
    ...(allowed.length === 0 ? [] : [line(`newly allowed: ${allowed.join(", ")}`)]),
    ...(denied.length === 0 ? [] : [line(`no longer allowed: ${denied.join(", ")}${kept}`)]),
    ...(isUnknown ? [line("who is allowed is known only after the apply")] : []),
  ];
}

const verbs: Readonly<Record<Action, string>> = {
  create: "create",
  update: "change",
  replace: "replace",
  destroy: "destroy",
};

/** Nodes by name, a few resources by their address, many as a number. */
function reported(part: string, changes: readonly Change[]): string {
  const nodes = [...new Set(changes.flatMap(({ node }) => node ?? []))];
  if (part === "nodes" && nodes.length > 0) return shortened(nodes);
  return changes.length <= 2
    ? changes.map(({ address }) => address).join(", ")
    : count(changes.length, "resource");
}
