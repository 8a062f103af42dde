import { Token } from "cdktf";
import { z } from "zod";
import type { InputPath } from "../../constructs/model/report";
import { camelCase, snakeCase } from "../config/schema/camel-case";
import { poolSettingNames, settingNames } from "../config/schema/settings";
import { variableNames, variables } from "../config/schema/variables";
import { keyOf } from "../config/syntax/tfvars";

/** The values of tofu.tfvars that props name in TypeScript's way. */
export interface Values {
  readonly values: Readonly<Record<string, unknown>>;
  /** Paths whose values are known only after an apply. */
  readonly references: readonly InputPath[];
  /** The path of a value in the props: "nodeDistribution.scaleway.zones[1]". */
  readonly pathText: (path: InputPath) => string;
}

/** Deeper values have no form here; a value that contains itself would have no end. */
const deepest = 8;

/**
 * Renames what the declarations name (`controlPlanes`), and keeps the keys that a user chooses (a
 * cloud's name). Undefined properties are absent.
 */
export function valuesOf(props: object): Values {
  const original = new Map<string, string>();
  const references: InputPath[] = [];

  const renamed = (value: unknown, form: z.ZodType | undefined, path: InputPath): unknown => {
    if (path.length > deepest) return null;
    if (typeof value === "string" && Token.isUnresolved(value)) references.push(path);
    if (typeof value === "function" || typeof value === "symbol") return {};
    if (typeof value === "bigint") return Number(value);
    if (typeof value !== "object" || value === null) return value;
    if (Token.isUnresolved(value)) {
      references.push(path);
      return "";
    }
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => renamed(item, undefined, [...path, index]));
    }
    const known = partsOf(form);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => {
          const name = known === "any" ? key : snakeCase(key);
          const at = [...path, name];
          original.set(keyOf(at), key);
          return [name, renamed(item, known === "any" ? itemOf(form) : known[name], at)];
        }),
    );
  };

  const form = Object.fromEntries(variables.map((one) => [one.name, one.form as z.ZodType]));
  const values = Object.fromEntries(
    Object.entries(props)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => {
        const name = snakeCase(key);
        original.set(keyOf([name]), key);
        return [name, renamed(value, form[name], [name])];
      }),
  );
  const stepText = (path: InputPath, index: number) => {
    const step = path[index];
    if (typeof step === "number") return `[${step}]`;
    const key = original.get(keyOf(path.slice(0, index + 1))) ?? camelCase(step ?? "");
    return `${index > 0 ? "." : ""}${/^[\w$-]+$/.test(key) ? key : JSON.stringify(key)}`;
  };
  return {
    values,
    references,
    pathText: (path) => path.map((_step, index) => stepText(path, index)).join(""),
  };
}

/** The forms of an object's declared properties; "any" where its keys are the user's. */
function partsOf(form: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> | "any" {
  const inner = innerOf(form);
  return inner instanceof z.ZodObject ? inner.shape : "any";
}

function itemOf(form: z.ZodType | undefined): z.ZodType | undefined {
  const inner = innerOf(form);
  return inner instanceof z.ZodRecord ? (inner.valueType as z.ZodType) : undefined;
}

function innerOf(form: z.ZodType | undefined): z.ZodType | undefined {
  return form instanceof z.ZodOptional ? innerOf(form.unwrap() as z.ZodType) : form;
}

const renamedWords = new Map(
  [...variableNames, ...settingNames, ...poolSettingNames]
    .filter((name) => name.includes("_"))
    .map((name) => [name, camelCase(name)]),
);

/** A message of the checks, with the names of the props in place of those of tofu.tfvars. */
export function inPropNames(message: string): string {
  return message.replaceAll(/\b[a-z]+(_[a-z]+)+\b/g, (word) => renamedWords.get(word) ?? word);
}
