import { Token } from "cdktf";
import { z } from "zod";
import type { InputPath } from "../../constructs/model/report";
import { camelCase, snakeCase } from "../config/schema/camel-case";
import { patchTargetNames } from "../config/schema/patch-targets";
import { poolSettingNames, settingNames } from "../config/schema/settings";
import { variableNames, variables } from "../config/schema/variables";
import { keyOf } from "../config/syntax/tfvars";

/** The values of tofu.tfvars that props name in TypeScript's way. */
export interface Values {
  readonly values: Readonly<Record<string, unknown>>;
  /** Paths whose values are known only after an apply. */
  readonly references: readonly InputPath[];
  readonly misnamed: readonly Misnamed[];
  /** The path of a value in the props: "nodeDistribution.scaleway.zones[1]". */
  readonly pathText: (path: InputPath) => string;
}

/** A property with a name that no prop has: "cluster_name". */
export interface Misnamed {
  /** Of the object that has it. */
  readonly path: InputPath;
  readonly key: string;
  /** "clusterName" */
  readonly name: string;
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
  const misnamed: Misnamed[] = [];

  const renamed = (value: unknown, form: z.ZodType | undefined, path: InputPath): unknown => {
    if (path.length > deepest) return null;
    // Strings, numbers and lists that stand for a reference look like others.
    if (Token.isUnresolved(value)) {
      references.push(path);
      return null;
    }
    if (typeof value === "function" || typeof value === "symbol") return {};
    if (typeof value === "bigint") return Number(value);
    if (typeof value === "string") return roleOf(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => renamed(item, undefined, [...path, index]));
    }
    const known = partsOf(form);
    return known === "any"
      ? entriesOf(value, path, (key) => [roleOf(key), itemOf(form)])
      : declared(value, known, path);
  };

  /** An object whose properties are declared. */
  const declared = (
    value: object,
    forms: Readonly<Record<string, z.ZodType>>,
    path: InputPath,
  ): Record<string, unknown> =>
    entriesOf(value, path, (key) => {
      const name = snakeCase(key);
      // Named as in tofu.tfvars, it would count beside, or in place of, the prop.
      if (key.includes("_")) misnamed.push({ path, key, name: camelCase(key) });
      return key.includes("_") ? undefined : [name, forms[name]];
    });

  const entriesOf = (
    value: object,
    path: InputPath,
    partOf: (key: string) => [name: string, form: z.ZodType | undefined] | undefined,
  ): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
        const [name, form] = (item === undefined ? undefined : partOf(key)) ?? [];
        if (name === undefined) return [];
        const at = [...path, name];
        original.set(keyOf(at), key);
        return [[name, renamed(item, form, at)]];
      }),
    );

  const forms = Object.fromEntries(variables.map((one) => [one.name, one.form as z.ZodType]));
  const values = declared(props, forms, []);
  const stepText = (path: InputPath, index: number) => {
    const step = path[index];
    if (typeof step === "number") return `[${step}]`;
    const key = original.get(keyOf(path.slice(0, index + 1))) ?? camelCase(step ?? "");
    return `${index > 0 ? "." : ""}${/^[\w$-]+$/.test(key) ? key : JSON.stringify(key)}`;
  };
  return {
    values,
    references,
    misnamed,
    pathText: (path) => path.map((_step, index) => stepText(path, index)).join(""),
  };
}

/** A role that names nodes: among names that the user chooses, it is the only one of two words. */
function roleOf(text: string): string {
  return text === "controlPlanes" ? "control_planes" : text;
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
  [...variableNames, ...settingNames, ...poolSettingNames, ...patchTargetNames]
    .filter((name) => name.includes("_"))
    .map((name) => [name, camelCase(name)]),
);

/** A message of the checks, with the names of the props in place of those of tofu.tfvars. */
export function inPropNames(message: string): string {
  return message.replaceAll(/\b[a-z]+(_[a-z]+)+\b/g, (word) => renamedWords.get(word) ?? word);
}
