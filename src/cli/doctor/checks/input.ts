import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { controlPlanes, nodesOfPool, workerPool } from "../../../../constructs/model/cluster-spec";
import { immutableValues, unrecordedValues } from "../../../../constructs/model/immutable";
import { isObject, stringOf } from "../../../../constructs/model/resource-values";
import { UserError } from "../../../errors";
import type { InputFile } from "../../../config/syntax/input-files";
import type { Loaded } from "../../../config/load";
import { explain, pathText } from "../../../view/messages";
import { variables } from "../../../config/schema/variables";
import { immutableSettingsAddress } from "../../../stack/addresses";
import { straysIn, straysText } from "../../../tofu/strays";
import { type Finding, error, ok, warning } from "../finding";
import type { DoctorContext, Stack } from "../context";

/** Whether tofu.tfvars is valid, and whether the synthesized configuration was created from it. */
export function input(context: DoctorContext): Finding[] {
  const { input: loaded } = context;
  if (!("spec" in loaded)) return [unusable(loaded.problem)];
  const { spec, warnings } = loaded;
  const cloud = context.cloud?.title ?? spec.cloud;
  const counts = [
    counted(controlPlanes(spec).length, "control plane"),
    counted(nodesOfPool(spec, workerPool).length, "worker"),
    ...spec.pools.map(({ name, count }) => `${count} ${name}`),
  ].join(", ");
  const from = loaded.input.fromEnvironment;
  return [
    ok(
      loaded.input.fileName,
      `${spec.name} on ${cloud}, ${spec.region}: ${counts}${from.length > 0 ? `; with ${from.join(", ")}` : ""}`,
    ),
    ...warnings.map(({ path, summary: text }) =>
      warning(
        loaded.input.fileName,
        `${loaded.input.where(path).replace(`${loaded.input.fileName}:`, "line ")}, ${pathText(path)}: ${text}`,
      ),
    ),
    ...strays(context),
    ...inStep(context, loaded),
    ...immutable(context, loaded),
  ];
}

function unusable(problem: unknown): Finding {
  const message = explain(problem);
  if (message === undefined) throw problem;
  return problem instanceof UserError && problem.kind === "input missing"
    ? error("tofu.tfvars", message.split("\n")[0] ?? message, "./openaether init")
    : error("tofu.tfvars", message.replace(", nothing was written", ""));
}

/** No problem when it is not synthesized yet: every plan does so. */
function inStep({ stack, stackNames }: DoctorContext, { input: given, spec }: Loaded): Finding[] {
  const check = "synthesized";
  if (stack === undefined && stackNames.includes(spec.name)) {
    return [
      error(
        check,
        `cdk.tf.json in cdktf.out/stacks/${spec.name} is not what synth writes: it was edited, or its writing was interrupted.`,
        "./openaether plan",
      ),
    ];
  }
  if (stack === undefined) {
    return stackNames.length === 0
      ? []
      : [
          warning(
            check,
            `What lies in cdktf.out is ${stackNames.join(", ")}, and tofu.tfvars says ${spec.name}. One cluster is one directory.`,
          ),
        ];
  }
  const changed = [...differing(stack, given.values), ...changedFiles(stack, given.files.read)];
  return changed.length === 0
    ? [ok(check, "from this very input")]
    : [
        warning(
          check,
          `${changed.join(", ")} changed after the synth: a plain tofu refuses to plan until the next.`,
          "./openaether plan   # or npm run synth",
        ),
      ];
}

/** Other files that tofu reads besides the synthesized ones. */
function strays({ stack }: DoctorContext): Finding[] {
  const found = stack === undefined ? [] : straysIn(stack.directory);
  return found.length === 0 ? [] : [error("synthesized", straysText(found))];
}

/** Files that the input names and whose content has changed since the synth. */
function changedFiles({ directory }: Stack, files: readonly InputFile[]): string[] {
  if (files.length === 0) return [];
  const text = readFileSync(join(directory, "cdk.tf.json"), "utf8");
  return files.filter(({ sha256 }) => !text.includes(sha256)).map(({ name }) => name);
}

/** Variables whose value has changed since the synth. */
function differing(
  { variables: baked }: Stack,
  values: Readonly<Record<string, unknown>>,
): string[] {
  return variables
    .filter(
      (variable) =>
        !isDeepStrictEqual(
          values[variable.name] ?? variable.default,
          baked[variable.name] ?? variable.default,
        ),
    )
    .map(({ name }) => name);
}

/** Settings that differ from those that the cluster was created with. */
function immutable({ state }: DoctorContext, { spec }: Loaded): Finding[] {
  const recorded = state?.at(immutableSettingsAddress)?.["output"];
  if (!isObject(recorded)) return [];
  return Object.entries(immutableValues(spec)).flatMap(([name, value]) => {
    const created = stringOf(recorded[name]) ?? unrecordedValues[name] ?? value;
    return created === value
      ? []
      : [
          error(
            "immutable",
            `${name} cannot change: this cluster was created with ${created}, tofu.tfvars now says ${value}. Every plan refuses that: restore it.`,
          ),
        ];
  });
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
