import { z } from "zod";
import { camelCase } from "../config/schema/camel-case";
import type { Setting, Variable } from "../config/schema/declaration";
import { ingressRuleSettings } from "../config/schema/ingress-rules";
import { patchTargets } from "../config/schema/patch-targets";
import { poolSettings, settings } from "../config/schema/settings";
import { variables } from "../config/schema/variables";
import { write } from "../view/output";
import { inPropNames } from "./props-to-values";

/** The part of JSON Schema that the forms use. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: Schema;
}

/** An interface for each object whose properties are declared. */
interface Declared {
  readonly name: string;
  readonly doc: string;
  readonly of: Readonly<Record<string, Setting>>;
}

const declaredObjects: readonly Declared[] = [
  {
    name: "CloudNodesProps",
    doc: "The nodes of a cluster on one cloud.",
    of: settings,
  },
  {
    name: "PoolProps",
    doc: "Workers of a name, number and kind of their own.",
    of: poolSettings,
  },
  {
    name: "IngressRuleProps",
    doc: "Ports of nodes that are open on the private network.",
    of: ingressRuleSettings,
  },
  {
    name: "ConfigPatchesProps",
    doc: "Patches of machine configurations, by the nodes that they are for.",
    of: patchTargets,
  },
];

/** The source of cluster-spec-props.ts, from the declarations of variables and settings. */
export function propsSource(): string {
  return [
    "// Generated from src/config/schema by `npm run docs`: edit the declarations there.\n",
    comment(
      ["What `clusterSpec` takes: the variables of tofu.tfvars, with TypeScript's names."],
      "",
    ),
    "export interface ClusterSpecProps {",
    (variables as readonly Variable[])
      .filter(({ isOfApp = false }) => !isOfApp)
      .map(propertyOfVariable)
      .join("\n\n"),
    "}\n",
    ...declaredObjects.flatMap(({ name, doc, of }) => [
      comment([doc], ""),
      `export interface ${name} {`,
      Object.entries(of)
        // What has no example is refused.
        .filter(([, { example }]) => example !== undefined)
        .map(propertyOfSetting)
        .join("\n\n"),
      "}\n",
    ]),
  ].join("\n");
}

function propertyOfVariable(variable: Variable): string {
  const { name, required, default: absent } = variable;
  const text = absent === null ? "none" : JSON.stringify(absent);
  return property(name, variable, required === undefined || required === false ? text : undefined);
}

function propertyOfSetting([name, setting]: [string, Setting]): string {
  const { default: absent } = setting;
  const text =
    typeof absent === "string"
      ? absent
      : Object.entries(absent)
          .map(([cloud, value]) => `${cloud}: ${value}`)
          .join("; ");
  return property(name, setting, text === "required" ? undefined : text);
}

/** @param absent What holds without it; undefined where it is required */
function property(name: string, declared: Variable | Setting, absent: string | undefined): string {
  const { description, limits, form } = declared;
  const schema = z.toJSONSchema(form, { io: "input", unrepresentable: "any" }) as Schema;
  const paragraphs = [
    description,
    ...limits.filter((limit) => !ofFiles.test(limit)).map((limit) => `- ${limit}`),
    ...(absent === undefined ? [] : [`@default ${absent === "none" ? "- none" : absent}`]),
  ].map(plain);
  const optional = absent === undefined ? "" : "?";
  return `${comment(paragraphs, "  ")}\n  readonly ${camelCase(name)}${optional}: ${typeOf(schema)};`;
}

/** Limits that lead elsewhere in docs/configuration.md, or are about the app's own stack. */
const ofFiles = /\bbelow\b|^Which there are|cdktf\.out/;

/** Without links, which lead through docs/, and with the names of the props. */
function plain(text: string): string {
  return inPropNames(text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
}

function typeOf(schema: Schema): string {
  const { type, anyOf, items, properties, propertyNames, additionalProperties } = schema;
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" | ");
  if (items !== undefined) {
    const item = typeOf(items);
    return `readonly ${item.includes(" | ") ? `(${item})` : item}[]`;
  }
  if (properties !== undefined) return nameOf(Object.keys(properties));
  if (type === "object") {
    const value = typeOf(additionalProperties ?? {});
    const keys = propertyNames?.enum;
    return keys === undefined
      ? `Readonly<Record<string, ${value}>>`
      : ["{", ...keys.map((key) => `    readonly ${key}?: ${value};`), "  }"].join("\n");
  }
  if (type === "integer") return "number";
  return typeof type === "object" ? type.join(" | ") : (type ?? "unknown");
}

/** @throws TypeError where an object's properties are declared nowhere */
function nameOf(properties: readonly string[]): string {
  const found = declaredObjects.find(({ of }) => properties.every((name) => name in of));
  if (found === undefined) throw new TypeError(`${properties.join(", ")}: not declared`);
  return found.name;
}

const widest = 96;

function comment(paragraphs: readonly string[], indent: string): string {
  const [only = ""] = paragraphs;
  const single = `${indent}/** ${only} */`;
  if (paragraphs.length === 1 && single.length <= widest) return single;
  const lines = paragraphs.flatMap((text) => wrapped(text, `${indent} * `));
  return [`${indent}/**`, ...lines, `${indent} */`].join("\n");
}

function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    const isFull = last !== undefined && `${last} ${word}`.length > widest;
    if (last === undefined) lines.push(`${indent}${word}`);
    else if (isFull) lines.push(`${indent}${text.startsWith("- ") ? "  " : ""}${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

if (require.main === module) write(process.stdout, propsSource());
