import type { z } from "zod";
import { cloudNames } from "../../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { poolSettingNames, settingNames } from "./settings";
import { type ValueOf, type VariableName, variableNames, variables } from "./variables";

/**
 * The value in its form. Every mistake is reported, and the rest without it is returned for further
 * checks; undefined when nothing is left.
 */
export function shape<Name extends VariableName>(
  name: Name,
  given: unknown,
  report: Report,
): ValueOf<Name> | undefined {
  const value = withShortLists(given, [name], report);
  reportPrototypes(value, [], name, report);
  const form = formOf(name);
  const result = form.safeParse(value);
  if (result.success) return result.data as ValueOf<Name>;
  const issues = result.error.issues.flatMap(ofTheBranchMeant);
  for (const issue of issues) reportIssue(name, value, issue, report);
  const rest = form.safeParse(withoutMistakes(value, issues));
  return rest.success ? (rest.data as ValueOf<Name>) : undefined;
}

/** zod's records silently drop this key; cdktf would merge it into every object. */
function reportPrototypes(value: unknown, steps: InputPath, name: string, report: Report): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === "__proto__") report.wrongForm([name, ...steps, key], unknownKey(steps, key));
    else reportPrototypes(part, [...steps, key], name, report);
  }
}

function formOf(name: VariableName): z.ZodType {
  const declared = variables.find((variable) => variable.name === name);
  if (declared === undefined) throw new TypeError(`${name} is a variable`);
  return declared.form;
}

/** No list here needs more entries, and zod fails on a hundred thousand mistakes. */
const mostEntries = 50_000;

/** The value; longer lists are reported and truncated. */
function withShortLists(value: unknown, path: InputPath, report: Report): unknown {
  if (Array.isArray(value)) {
    if (value.length > mostEntries) {
      report.wrongForm(
        path,
        `${value.length} entries; no list here needs more than ${mostEntries}.`,
      );
    }
    return value.slice(0, mostEntries);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withShortLists(part, [...path, key], report)]),
  );
}

/** For a list that is no list of strings: which of its items is wrong, and how. */
function ofTheBranchMeant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const ofItems = issue.errors.flat().filter(({ path }) => path.length > 0);
  return ofItems.length === 0
    ? [issue]
    : ofItems.map((item) => ({ ...item, path: [...issue.path, ...item.path] }));
}

/** Their objects have settings whose messages depend on where they are; those of others are in their forms. */
const byCloudVariables: readonly string[] = ["node_distribution", "bastion_ssh_keys"];

function reportIssue(name: string, value: unknown, issue: z.core.$ZodIssue, report: Report): void {
  const steps = pathOf(issue);
  const path = [name, ...steps];
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) {
      report.wrongForm(
        [...path, key],
        byCloudVariables.includes(name) ? unknownKey(steps, key) : issue.message,
      );
    }
  } else {
    const isAbsent = valueAt(value, steps) === undefined;
    report.wrongForm(path, isAbsent ? `Required. ${issue.message}` : issue.message);
  }
}

/** A copy in which each entry of `node_distribution` and the like, and each pool, lacks the settings that are wrong. */
function withoutMistakes(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const copy = structuredClone(value);
  const seen = new Set<string>();
  for (const issue of issues) {
    const steps = pathOf(issue);
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    for (const key of keys) removeFrom(copy, [...steps, key]);
    const setting = settingOf(steps);
    // A list of thousands of mistakes is one setting.
    const path = JSON.stringify(setting);
    if (keys.length > 0 || setting === undefined || seen.has(path)) continue;
    seen.add(path);
    removeFrom(copy, setting);
    const name = setting.at(-1);
    const entry = valueAt(copy, setting.slice(0, -1)) as Record<string, unknown> | undefined;
    if (typeof entry !== "object") continue;
    const strings = name === "zones" ? textsIn(valueAt(value, setting)) : [];
    if (strings.length > 0) entry["zones"] = strings;
    // Counts are required; any valid one lets the other settings be checked.
    if (counts.includes(String(name))) entry[String(name)] = 1;
  }
  return copy;
}

const counts: readonly string[] = ["control_planes", "workers", "count"];

/** The path of what has the mistake: a setting, one of a pool, a label, or the whole pool; undefined for a whole cloud. */
function settingOf(steps: InputPath): InputPath | undefined {
  if (steps.length < 2) return undefined;
  if (steps[1] !== "pools") return steps.slice(0, 2);
  const isOfMany = steps[3] === "labels" || steps[3] === "taints";
  return steps.slice(0, isOfMany ? 5 : 4);
}

function removeFrom(value: object, path: InputPath): void {
  const owner = valueAt(value, path.slice(0, -1));
  const [key] = path.slice(-1);
  if (typeof owner === "object" && owner !== null && key !== undefined) {
    Reflect.deleteProperty(owner, key);
  }
}

/** The strings in a value of the wrong form. */
function textsIn(value: unknown): string[] {
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [value];
  return parts.filter((part) => typeof part === "string");
}

function pathOf(issue: z.core.$ZodIssue): (string | number)[] {
  return issue.path.filter((step) => typeof step !== "symbol");
}

function valueAt(value: unknown, path: InputPath): unknown {
  return path.reduce<unknown>(
    (part, step) => (part as Record<string | number, unknown> | null | undefined)?.[step],
    value,
  );
}

/** @param steps Of what has the key, within the variable. */
function unknownKey(steps: InputPath, key: string): string {
  if (steps.length === 0) return unknownCloud(key);
  if (steps.length === 1) return unknownSetting(key);
  return steps.length === 3 ? unknownPoolSetting(key) : "This name is not possible here.";
}

function unknownPoolSetting(name: string): string {
  if (settingNames.includes(name)) {
    return "A setting of the cloud, for the whole cluster: it belongs outside of pools.";
  }
  const near = nearest(name, poolSettingNames) || ` Settings: ${poolSettingNames.join(", ")}.`;
  return `There is no such setting of a pool.${near}`;
}

function unknownSetting(name: string): string {
  if (poolSettingNames.includes(name)) {
    return `A setting of a pool: pools = { gpu = { ${name} = … } }.`;
  }
  if ((variableNames as readonly string[]).includes(name)) {
    return "A variable of its own: it belongs outside of node_distribution.";
  }
  const near = nearest(name, settingNames) || ` Settings: ${settingNames.join(", ")}.`;
  return `There is no such setting.${near}`;
}

function unknownCloud(name: string): string {
  return `Not a cloud. Allowed: ${cloudNames.join(", ")}.${nearest(name, cloudNames)}`;
}
