import type { CloudInfo } from "../../../constructs/cloud-info";
import type { Example } from "./example";
import { settings } from "../../config/schema/settings";
import { variableNames } from "../../config/schema/variables";
import { isValues, type Values } from "./values";

const settingOrder = Object.keys(settings);

/** The content of a tofu.tfvars, formatted as `tofu fmt` does, with the example's short comments. */
export function renderInput(values: Values, cloud: CloudInfo, { comments }: Example): string {
  const commentsOf = (name: string) => {
    const lines = comments.get(name) ?? [];
    // The alternative to a location that was not used.
    return name === "region" && isZoned(values, cloud) && lines.some(isZones) ? [] : lines;
  };
  const head = [
    `# A management cluster on ${cloud.title}. Every setting is explained in`,
    "# docs/configuration.md.",
  ];
  const parts = paragraphs(values, comments)
    .map((names) => assignments(values, names, commentsOf, ""))
    .filter((lines) => lines.length > 0);
  return `${[head, ...parts].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Single lines first, then what the example explains, in its order, then other objects. */
function paragraphs(values: Values, comments: Example["comments"]): string[][] {
  const names = variableNames.filter((name) => values[name] !== undefined);
  const plain = names.filter((name) => !comments.has(name) && !isValues(values[name]));
  const explained = [...comments.keys()].filter((name) => names.some((one) => one === name));
  const others = names.filter((name) => !plain.includes(name) && !explained.includes(name));
  return [plain, ...[...explained, ...others].map((name) => [name])];
}

function isZoned(values: Values, { name }: CloudInfo): boolean {
  const distribution = values["node_distribution"];
  const ofCloud = isValues(distribution) ? distribution[name] : undefined;
  return isValues(ofCloud) && ofCloud["zones"] !== undefined;
}

function isZones(line: string): boolean {
  return line.startsWith("zones =");
}

function assignments(
  values: Values,
  names: readonly string[],
  commentsOf: (name: string) => readonly string[],
  indent: string,
): string[] {
  const present = names.filter((name) => values[name] !== undefined);
  const runs: string[][] = [];
  for (const name of present) {
    // A comment, or a value of several lines, ends a run of aligned equals signs.
    const begins = commentsOf(name).length > 0 || isValues(values[name]);
    if (begins || runs.length === 0) runs.push([name]);
    else runs.at(-1)?.push(name);
  }
  return runs.flatMap((run) => {
    const width = Math.max(...run.map((name) => name.length));
    return run.flatMap((name) => [
      ...commentsOf(name).map((line) => `${indent}# ${line}`.trimEnd()),
      `${indent}${name.padEnd(width)} = ${literal(values[name], commentsOf, indent)}`,
    ]);
  });
}

function literal(
  value: unknown,
  commentsOf: (name: string) => readonly string[],
  indent: string,
): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => literal(item, commentsOf, indent)).join(", ")}]`;
  }
  if (isValues(value)) {
    const inner = Object.keys(value).sort(
      (a, b) => settingOrder.indexOf(a) - settingOrder.indexOf(b),
    );
    const lines = assignments(value, inner, commentsOf, `${indent}  `);
    return ["{", ...lines, `${indent}}`].join("\n");
  }
  // HCL reads a string as JSON does, except for the beginnings of its templates.
  return JSON.stringify(value).replaceAll(/([$%])\{/g, "$1$1{");
}
