import type { InputPath, Report } from "../../constructs/report";
import { nearest } from "../../constructs/suggestion";
import type { Input } from "./input";
import { replacedVariables, variableNames } from "./variables";

/** Only known variables, only plain values, no placeholder left. */
export function checkPlainness(input: Input, report: Report): void {
  for (const name of Object.keys(input.values)) {
    if ((variableNames as readonly string[]).includes(name)) continue;
    const replaced = replacedVariables.get(name);
    report.error([name], replaced ?? `There is no such variable.${nearest(name, variableNames)}`);
  }
  for (const path of input.expressions) {
    // Not shown: a key pasted without quotes reads as one, too.
    report.wrongForm(path, "Only plain values belong here: no references, calls or sums.", {
      secret: true,
    });
  }
  visitTexts(input.values, [], (text, path) => {
    if (/^<.*>$/.test(text.trim())) report.wrongForm(path, "Still the example's placeholder.");
  });
}

function visitTexts(
  value: unknown,
  path: InputPath,
  visit: (text: string, path: InputPath) => void,
): void {
  if (typeof value === "string") visit(value, path);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      visitTexts(item, [...path, Array.isArray(value) ? Number(key) : key], visit);
    }
  }
}

/** To tofu, an optional attribute that is null is one that is absent. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}
