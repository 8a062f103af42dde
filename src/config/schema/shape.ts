import type { z } from "zod";
import { cloudNames } from "../../../constructs/model/cluster-spec";
import type { InputPath, Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { settingNames } from "./settings";
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
  // zod's records silently drop this key; cdktf would merge it into every object.
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__")) {
    report.wrongForm([name, "__proto__"], unknownCloud("__proto__"));
  }
  const form = formOf(name);
  const result = form.safeParse(value);
  if (result.success) return result.data as ValueOf<Name>;
  const issues = result.error.issues.flatMap(ofTheBranchMeant);
  for (const issue of issues) reportIssue(name, value, issue, report);
  const rest = form.safeParse(withoutMistakes(value, issues));
  return rest.success ? (rest.data as ValueOf<Name>) : undefined;
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

function reportIssue(name: string, value: unknown, issue: z.core.$ZodIssue, report: Report): void {
  const steps = pathOf(issue);
  const path = [name, ...steps];
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) {
      const ofCloud = steps.length > 0;
      report.wrongForm([...path, key], ofCloud ? unknownSetting(key) : unknownCloud(key));
    }
  } else {
    const isAbsent = valueAt(value, steps) === undefined;
    report.wrongForm(path, isAbsent ? `Required. ${issue.message}` : issue.message);
  }
}

/** A copy in which each entry of `node_distribution` and the like lacks the settings that are wrong. */
function withoutMistakes(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const copy = structuredClone(value) as Record<string, Record<string, unknown> | undefined>;
  const seen = new Set<string>();
  for (const issue of issues) {
    const [cloud, setting] = pathOf(issue).map(String);
    // A list of thousands of mistakes is one setting.
    const key = JSON.stringify([cloud, setting]);
    if (setting !== undefined && seen.has(key)) continue;
    seen.add(key);
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const entry = cloud === undefined ? copy : copy[cloud];
    if (typeof entry !== "object") continue;
    for (const key of setting === undefined ? keys : [setting]) Reflect.deleteProperty(entry, key);
    const strings = setting === "zones" ? textsIn(valueAt(value, [cloud ?? "", setting])) : [];
    if (strings.length > 0) entry["zones"] = strings;
    // Counts are required; any valid one lets the other settings be checked.
    if (setting === "control_planes" || setting === "workers") entry[setting] = 1;
  }
  return copy;
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

function unknownSetting(name: string): string {
  if ((variableNames as readonly string[]).includes(name)) {
    return "A variable of its own: it belongs outside of node_distribution.";
  }
  const near = nearest(name, settingNames) || ` Settings: ${settingNames.join(", ")}.`;
  return `There is no such setting.${near}`;
}

function unknownCloud(name: string): string {
  return `Not a cloud. Allowed: ${cloudNames.join(", ")}.${nearest(name, cloudNames)}`;
}
