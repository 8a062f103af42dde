import type { InputPath } from "../../../constructs/model/report";

/** The content of a tofu.tfvars, by variable. */
export type Values = Readonly<Record<string, unknown>>;

export function valueAt(values: Values, path: InputPath): unknown {
  return path.reduce<unknown>((part, step) => (isValues(part) ? part[step] : undefined), values);
}

/** A copy with another value at a path; undefined removes it. */
export function withValue(values: Values, path: InputPath, value: unknown): Values {
  const [step, ...rest] = path;
  if (step === undefined) return values;
  const inner = values[step];
  const changed = rest.length === 0 ? value : withValue(isValues(inner) ? inner : {}, rest, value);
  const others = Object.entries(values).filter(([key]) => key !== String(step));
  return Object.fromEntries(changed === undefined ? others : [...others, [step, changed]]);
}

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
