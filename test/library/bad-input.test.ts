import { readdirSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { App, TerraformLocal, TerraformStack } from "cdktf";
import { clusterSpec, type ClusterSpecProps, InvalidClusterSpec } from "../../index";
import { camelCase, snakeCase } from "../../src/config/schema/camel-case";
import { readInput } from "../../src/config/syntax/input";
import { inPropNames } from "../../src/library/props-to-values";
import type { Row } from "../bad-input/table";
import { themes } from "../bad-input/themes";
import { secrets } from "../bad-input/secrets";
import { publicKey, temporaryDirectory } from "../support/input";

/** Rows that are about a file, or that have another answer here. */
const ofFiles = new Set([
  "the file",
  "the syntax of the file",
  "files that the input names",
  "the environment",
]);

const rows = Object.entries(themes)
  .filter(([theme]) => !ofFiles.has(theme))
  .flatMap(([, table]) => table)
  .filter(([, { environment }]) => Object.keys(environment).length === 0);

/** The props that say what a row's file says; undefined where props cannot say it. */
async function propsOf([, given]: Row): Promise<object | undefined> {
  const directory = temporaryDirectory();
  given.into(directory);
  // A file beside tofu.tfvars is not beside the test.
  if (readdirSync(directory).length > 1) return undefined;
  const input = await readInput({ directory, environment: {} }).catch(() => undefined);
  if (input === undefined || input.expressions.length > 0) return undefined;
  return inProps(input.values) as object | undefined;
}

/** @returns undefined where a name could be none of a prop's */
function inProps(value: unknown, path: readonly string[] = []): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const areKeysOfUser = ["pools", "labels", "taints"].includes(path.at(-1) ?? "");
  const entries = Object.entries(value).map(([name, item]) => {
    const key = areKeysOfUser ? name : camelCase(name);
    return areKeysOfUser || snakeCase(key) === name
      ? [key, inProps(item, [...path, name])]
      : [undefined, undefined];
  });
  const isSayable = entries.every(
    ([key, item]) => key !== undefined && (item !== undefined || path.length > 2),
  );
  return isSayable ? (Object.fromEntries(entries) as object) : undefined;
}

/** Pairs of a path and a message, without the warnings. */
function expectedOf([, , ...said]: Row): string[] {
  const pairs = said.flatMap((place, i) => (i % 2 === 0 ? [[place, said[i + 1] ?? ""]] : []));
  return pairs
    .filter(([place]) => place?.startsWith("warning ") === false)
    .map(([place = "", message = ""]) => {
      const name = (place.split("  ")[1] ?? "").split(" = ")[0] ?? "";
      const steps = name.split(".").map((step) => (step === "__proto__" ? step : camelCase(step)));
      return `${steps.join(".")}: ${inPropNames(message)}`;
    })
    .toSorted();
}

function problemsOf(props: object): { readonly found: string[]; readonly message: string } {
  try {
    clusterSpec(props as ClusterSpecProps);
  } catch (error) {
    if (!(error instanceof InvalidClusterSpec)) throw error;
    // A key that is no word is quoted.
    const found = error.problems.map(
      ({ path, message }) => `${path.replaceAll('"', "")}: ${message}`,
    );
    return {
      found: found.map((line) => line.replaceAll("\n", " ")).toSorted(),
      message: `${error.message}${String(error.stack)}`,
    };
  }
  return { found: [], message: "" };
}

describe("props with the mistakes of a tofu.tfvars are refused with the same messages:", () => {
  test.each(rows.map((row) => ({ title: row[0], row })))("$title", async ({ row }) => {
    const props = await propsOf(row);
    if (props === undefined) return;
    const { found, message } = problemsOf(props);
    expect(found).toEqual(expectedOf(row));
    expect(message).not.toMatch(/\n +at .*:\d+/);
    for (const secret of secrets) expect(message).not.toContain(secret);
  });

  test("most rows can be written as props", async () => {
    const all = await Promise.all(rows.map(propsOf));
    expect(all.filter((props) => props !== undefined).length).toBeGreaterThan(150);
  });
});

describe("props that no file could have are refused:", () => {
  const valid: ClusterSpecProps = {
    clusterName: "demo",
    adminIp: "203.0.113.7",
    bastionSshKeys: { scaleway: publicKey },
    nodeDistribution: { scaleway: { controlPlanes: 1, workers: 0, region: "fr-par" } },
  };

  test("a reference to what is known after an apply", () => {
    const stack = new TerraformStack(new App({ outdir: temporaryDirectory() }), "other");
    const reference = new TerraformLocal(stack, "address", "203.0.113.8").asString;
    expect(problemsOf({ ...valid, adminIp: reference }).found).toEqual([
      "adminIp: A reference, whose value is known only after an apply. Addresses and names are planned before: give the value itself.",
    ]);
    expect(problemsOf({ ...valid, adminIp: ["198.51.100.1", reference] }).found).toHaveLength(1);
  });

  test("an object that contains itself, a function, a number out of range", () => {
    const endless: Record<string, unknown> = {};
    endless["endless"] = endless;
    const named = (name: string) => ({ ...valid, [name]: endless });
    expect(problemsOf(named("nodeDistribution")).found[0]).toContain("Not a cloud.");
    expect(problemsOf({ ...valid, clusterName: () => "demo" }).found).toEqual([
      "clusterName: Expected a quoted string, got an object.",
    ]);
    expect(problemsOf({ ...valid, networkCidr: 10n }).found).toEqual([
      'networkCidr: Quotes are missing: "10".',
    ]);
  });

  test("a name of tofu.tfvars, which would count beside the prop", () => {
    expect(problemsOf({ ...valid, cluster_name: "other" }).found).toEqual([
      "cluster_name: There is no such prop. Did you mean clusterName?",
    ]);
    const scaleway = { ...valid.nodeDistribution.scaleway, control_planes: 3 };
    const { found, message } = problemsOf({ ...valid, nodeDistribution: { scaleway } });
    expect(found).toEqual([
      "nodeDistribution.scaleway.control_planes: There is no such prop. Did you mean controlPlanes?",
    ]);
    expect(message).toContain("1 problem\n");
  });

  test("a number that stands for a reference", () => {
    const stack = new TerraformStack(new App({ outdir: temporaryDirectory() }), "other");
    const controlPlanes = new TerraformLocal(stack, "count", 3).asNumber;
    const scaleway = { ...valid.nodeDistribution.scaleway, controlPlanes };
    expect(problemsOf({ ...valid, nodeDistribution: { scaleway } }).found[0]).toMatch(
      /^nodeDistribution\.scaleway\.controlPlanes: A reference, /,
    );
  });

  test("no props at all", () => {
    expect(problemsOf({}).found.map((line) => line.split(":")[0])).toEqual([
      "adminIp",
      "nodeDistribution",
    ]);
    expect(problemsOf(undefined as unknown as object).found).toHaveLength(2);
  });
});

test("a warning becomes an annotation, with the path of the prop", () => {
  const spec = clusterSpec({
    clusterName: "demo",
    adminIp: "203.0.113.7",
    bastionSshKeys: { scaleway: publicKey },
    nodeDistribution: {
      scaleway: { controlPlanes: 2, workers: 0, region: "fr-par", imageName: "talos-v1.14.1" },
    },
  });
  expect(spec.warnings).toEqual([
    "nodeDistribution.scaleway.controlPlanes: An even number: 2 survive no more losses than 1.",
  ]);
});
