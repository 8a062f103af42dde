import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { App, Testing } from "cdktf";
import type { ClusterSpec } from "../../constructs/model/cluster-spec";
import { Report } from "../../constructs/model/report";
import { cloudProviders } from "../../providers";
import { toClusterSpec } from "../../src/config/cluster-spec";
import type { Input } from "../../src/config/syntax/input";
import { InputFiles } from "../../src/config/syntax/input-files";
import { loadCluster } from "../../src/config/load";
import { explain, pathText, warnings } from "../../src/view/messages";
import { ManagementClusterStack } from "../../src/stack/stack";
import { scaleway } from "./clouds";

/** The parts of a configuration, untyped: a wrong guess fails the test. */
export type Json = ReturnType<typeof JSON.parse>;
type Named = Record<string, Record<string, Json>>;
export type Values = Readonly<Record<string, unknown>>;

export const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVm9lBhgjWeILyQe+/vmJ3eg7BnEp2yE3Lh0vbRJCYp me@desk";

export const { single, available } = scaleway;

/** A valid input, with some nodes and some variables changed. */
export function values(nodes: object = {}, changes: object = {}, cloud = scaleway): Values {
  return {
    cluster_name: "demo",
    admin_ip: "203.0.113.7",
    bastion_ssh_keys: { [cloud.name]: publicKey },
    node_distribution: { [cloud.name]: { ...cloud.single, ...nodes } },
    ...changes,
  };
}

/** Files that an input names are those of the examples: "patches/oidc.yaml". */
const filesDirectory = join(__dirname, "..", "..", "examples");

function inMemory(given: Values): Input {
  return {
    file: "/tofu.tfvars",
    fileName: "tofu.tfvars",
    lines: 1,
    values: given,
    fromEnvironment: [],
    where: () => "tofu.tfvars",
    expressions: [],
    files: new InputFiles(filesDirectory),
    notices: [],
  };
}

/** The problems of an input: "error admin_ip: Required: …", one line per problem. */
export function problemsOf(given: Values): string[] {
  const report = new Report();
  toClusterSpec(inMemory(given), report);
  return report.problems.map(
    ({ severity, path, summary: text }) => `${severity} ${pathText(path)}: ${text}`,
  );
}

export function specOf(given: Values): ClusterSpec {
  const spec = toClusterSpec(inMemory(given), new Report());
  if (spec === undefined) throw new Error(problemsOf(given).join("\n"));
  return spec;
}

const texts = new Map<string, string>();

/** The synthesized configuration of an input, without cdktf's metadata. */
export function synthesized(given: Values): Stack {
  const key = JSON.stringify(given);
  const text = texts.get(key) ?? withoutSourceMaps(() => synthesizedText(given));
  if (texts.size < mostTexts) texts.set(key, text);
  return new Stack(JSON.parse(text) as Record<string, Json>);
}

/** The first inputs of a test file are those that many tests share; random ones occur once. */
const mostTexts = 20;

/** cdktf captures a stack trace for every token: mapping it to the sources takes a third of the time. */
function withoutSourceMaps<T>(work: () => T): T {
  const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.prepareStackTrace = String;
  try {
    return work();
  } finally {
    Object.defineProperty(Error, "prepareStackTrace", own ?? { value: undefined, writable: true });
  }
}

function synthesizedText(given: Values): string {
  const spec = specOf(given);
  const stack = new ManagementClusterStack(new App({ outdir: temporaryDirectory() }), {
    spec,
    cloud: cloudProviders[spec.cloud],
    values: given,
    varFile: "tofu.tfvars",
    homePath: "../../..",
    stackPath: "cdktf.out/stacks/demo",
  });
  return Testing.synth(stack);
}

/** A synthesized configuration, read by address. */
export class Stack {
  readonly resource: Named;
  readonly data: Named;

  constructor(readonly json: Record<string, Json>) {
    this.resource = json["resource"];
    this.data = json["data"];
  }

  get text(): string {
    return JSON.stringify(this.json);
  }

  /** "scaleway_lb.api", "data.scaleway_instance_image.nodes_fr_par_1". */
  at(address: string): Record<string, Json> {
    const [type = "", name = ""] = address.replace(/^data\./, "").split(".");
    const found: Record<string, Json> | undefined = this.all(type)[name];
    if (found === undefined) throw new Error(`there is no ${address}`);
    return found;
  }

  /** All blocks of a type, by name. */
  all(type: string): Record<string, Json> {
    return this.resource[type] ?? this.data[type] ?? {};
  }

  get addresses(): string[] {
    const typed = (part: Named) =>
      Object.entries(part).flatMap(([type, named]) =>
        Object.keys(named).map((name) => `${type}.${name}`),
      );
    return [...typed(this.resource), ...typed(this.data)].sort();
  }

  /** The patches of a node's machine configuration. */
  patches(node: string): Record<string, Json>[] {
    const patches: string[] = this.at(`talos_machine_configuration.${node}`)["config_patches"];
    return patches.map((patch) => JSON.parse(patchFor(patch)) as Record<string, Json>);
  }
}

/**
 * A patch as tofu passes it to the provider: some have a form that depends on what the state has.
 * @param contract The minor of the cluster's contract. @default 13
 * @param disks What its disks are encrypted with. @default "node_id"
 */
export function patchFor(text: string, contract = 13, disks = "node_id"): string {
  const [, condition = "", then, otherwise] = /^\$\{(.+) \? (".*") : (".*")\}$/.exec(text) ?? [];
  if (then === undefined || otherwise === undefined) return text;
  const isTrue = condition.endsWith("talos_contract < 12") ? contract < 12 : disks === "none";
  return JSON.parse(isTrue ? then : otherwise) as string;
}

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories.splice(0))
    rmSync(directory, { recursive: true, force: true });
});

/** A temporary directory with these files, deleted after the tests of the file. */
export function temporaryDirectory(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "unit-"));
  directories.push(directory);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

const noEnvironment: Readonly<Record<string, string>> = {};

/** What a synth prints with this as tofu.tfvars; "" when there is no problem. */
export async function read(
  text: string,
  { name = "tofu.tfvars", environment = noEnvironment } = {},
): Promise<string> {
  const directory = temporaryDirectory({ [name]: text });
  try {
    const loaded = await loadCluster({ directory, environment });
    return warnings(loaded.warnings, loaded.input);
  } catch (error) {
    const words = explain(error);
    if (words === undefined) throw error;
    return words;
  }
}

/** A valid tofu.tfvars of seven lines, with more lines after them. */
export function tfvars(...more: string[]): string {
  return [
    'admin_ip = "203.0.113.7"',
    `bastion_ssh_keys = { scaleway = "${publicKey}" }`,
    "node_distribution = { scaleway = {",
    "  control_planes = 1",
    "  workers        = 0",
    '  zones = ["fr-par-1"], image_name = "talos-v1.14.1"',
    "} }",
    ...more,
    "",
  ].join("\n");
}
