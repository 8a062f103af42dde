import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { Value } from "../protocol/model";
import { isValues } from "../protocol/values";
import { type Expression, UnknownSyntax } from "./syntax";

/** The scope of an expression: `var`, `local`, `data`, or a resource type, by name. */
export type Scope = (name: string) => Value | undefined;

/**
 * The value of an expression.
 * @throws UnknownSyntax for an unknown function or name
 */
export function evaluate(expression: Expression, scope: Scope): Value {
  const value = (inner: Expression) => evaluate(inner, scope);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "template":
      return expression.parts.map((part) => stringOf(value(part))).join("");
    case "name": {
      const found = scope(expression.name);
      if (found === undefined) throw new UnknownSyntax(`There is no ${expression.name}`);
      return found;
    }
    case "attribute":
      return attribute(value(expression.of), expression.name);
    case "index":
      return list(value(expression.of))[expression.index] ?? null;
    case "splat":
      return list(value(expression.of)).map((item) => expression.names.reduce(attribute, item));
    case "list":
      return expression.items.map(value);
    case "for": {
      const inner = (item: Value): Scope => {
        return (name) => (name === expression.name ? item : scope(name));
      };
      const { condition } = expression;
      return list(value(expression.of))
        .filter((item) => condition === undefined || evaluate(condition, inner(item)) === true)
        .map((item) => evaluate(expression.value, inner(item)));
    }
    case "call": {
      if (expression.name === "try") return firstOf(expression.values, scope);
      const named = functions[expression.name];
      if (named === undefined) throw new UnknownSyntax(`There is no function ${expression.name}`);
      return named(...expression.values.map(value));
    }
    case "not":
      return value(expression.value) !== true;
    case "less":
      return numberOf(value(expression.left)) < numberOf(value(expression.right));
    case "equal":
      return value(expression.left) === value(expression.right);
    case "conditional":
      return value(expression.condition) === true
        ? value(expression.then)
        : value(expression.otherwise);
  }
}

const functions: Readonly<Record<string, (...values: Value[]) => Value>> = {
  base64encode: (text = null) => Buffer.from(stringOf(text)).toString("base64"),
  concat: (...lists) => lists.flatMap(list),
  distinct: (values = null) => [...new Set(list(values))],
  jsonencode: (value = null) => JSON.stringify(value),
  sha256: (text = null) => createHash("sha256").update(stringOf(text)).digest("hex"),
  split: (separator = null, text = null) => stringOf(text).split(stringOf(separator)),
  // The simulator keeps no secrets.
  sensitive: (value = null) => value,
  sort: (values = null) => list(values).map(stringOf).sort(),
  strcontains: (text = null, part = null) => stringOf(text).includes(stringOf(part)),
  tonumber: (value = null) => numberOf(value),
  trimspace: (text = null) => stringOf(text).trim(),
  yamlencode: (value = null) => stringify(value),
};

/** The first that has no error. */
function firstOf([first, ...others]: readonly Expression[], scope: Scope): Value {
  if (first === undefined) throw new UnknownSyntax("try has no value");
  try {
    return evaluate(first, scope);
  } catch (error) {
    if (others.length === 0 || !(error instanceof UnknownSyntax)) throw error;
    return firstOf(others, scope);
  }
}

function attribute(value: Value, name: string): Value {
  const found = isValues(value) ? value[name] : undefined;
  if (found === undefined) throw new UnknownSyntax(`There is no ${name} in ${typeof value}`);
  return found;
}

function list(value: Value): Value[] {
  return Array.isArray(value) ? value : [value];
}

function numberOf(value: Value): number {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof number === "number" && !Number.isNaN(number)) return number;
  throw new UnknownSyntax("A number was expected");
}

function stringOf(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new UnknownSyntax("A text was expected");
}
