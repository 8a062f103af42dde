import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UnknownSyntax } from "../../../simulator/apply";
import { Refusal } from "../../../simulator/protocol/model";
import { UserError } from "../../errors";
import { writeWhole } from "../../whole-file";
import { type Explained, explainStack, explainState } from "./network";
import { patchRows, patchText } from "./patches";
import { plain, rowsOf } from "./rows";
import { type Preview, preview } from "../../synth";
import { Cluster, type ClusterOptions, inputOf } from "../cluster/cluster";
import { refuseTruncatedState } from "../cluster/truncated-state";
import { exitStatus } from "../exit-status";
import { existingOf } from "./state";
import { table } from "./table";
import { type Question, printPaths, UnknownName, pathsOf } from "./path";
import { print, printError, printJson } from "../../view/output";

export interface ExplainOptions extends ClusterOptions {
  /** Also what is refused, and by what. */
  readonly all: boolean;
  /** Write a page, optionally to this file. */
  readonly html?: string | boolean;
  /** Of the existing resources, instead of tofu.tfvars. */
  readonly state: boolean;
  readonly json: boolean;
  /** Follow one connection instead of listing all: these three go together. */
  readonly from?: string;
  readonly to?: string;
  readonly port?: Question["service"];
}

/**
 * Who can reach what, and why.
 * @returns 0 when the network keeps every guarantee, otherwise 1
 * @throws the input's problems; UserError
 */
export async function explain(options: ExplainOptions): Promise<number> {
  const wanted = await preview({
    directory: resolve(options.dir ?? "."),
    file: options.file,
    environment: inputOf(process.env),
  });
  warnOfOtherStack(wanted);
  const question = questionOf(options);
  if (question === "incomplete") {
    printError("--from, --to and --port go together: who asks, whom, and on which port.");
    return exitStatus.usage;
  }
  const explained = options.state ? await fromState(options, wanted) : await simulated(wanted);
  if (question !== undefined) return follow(explained, wanted, question, options.json);
  const source = options.state ? "the resources that exist" : "what tofu.tfvars asks for";
  const title = `${wanted.spec.name} on ${wanted.cloud.title}, ${wanted.spec.region}`;
  if (options.json) {
    const rows = rowsOf(explained.flows)
      .filter(({ reached }) => reached || options.all)
      .map(plain);
    // A node keeps the patches that it was created with.
    const patches = options.state ? [] : patchRows(wanted.spec);
    printJson({
      cluster: title,
      of: source,
      inside: explained.inside,
      rows,
      findings: explained.findings,
      remarks: explained.remarks,
      ...(patches.length === 0 ? {} : { patches }),
    });
  } else if (options.html !== undefined && options.html !== false) {
    const { page } = await import("./page/page.js");
    const name = typeof options.html === "string" ? options.html : `${wanted.spec.name}.html`;
    const file = resolve(options.dir ?? ".", name);
    const { spec } = wanted;
    const { state: isOfState } = options;
    writeWhole(file, await page({ ...explained, title, source, spec, isOfState }));
    print(`Wrote ${relative(process.cwd(), file)}`);
  } else {
    print(table(title, source, explained, { all: options.all, width: terminalWidth() }));
    const patches = options.state ? "" : patchText(wanted.spec);
    if (patches !== "") print(patches);
  }
  const isKept = explained.findings.every(({ broken }) => broken.length === 0);
  return isKept ? exitStatus.done : exitStatus.failed;
}

/** Files and pipes have no width limit. */
function terminalWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

function questionOf({ from, to, port }: ExplainOptions): Question | "incomplete" | undefined {
  if (from === undefined && to === undefined && port === undefined) return undefined;
  if (from === undefined || to === undefined || port === undefined) return "incomplete";
  return { from, to, service: port };
}

/** @returns 0 whether it is reached or not */
function follow(
  { network }: Explained,
  { spec }: Preview,
  question: Question,
  isJson: boolean,
): number {
  try {
    const paths = pathsOf(network, spec.adminNetworks.map(String), question);
    if (isJson) printJson({ ways: paths });
    else print(printPaths(paths, terminalWidth()));
    return exitStatus.done;
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    printError(error.message);
    return exitStatus.usage;
  }
}

/** @throws UserError when the simulated cloud would refuse it */
async function simulated({ json, spec }: Preview): Promise<Explained> {
  try {
    return await explainStack(json, spec);
  } catch (error) {
    if (error instanceof Refusal) {
      throw new UserError(
        `The simulated cloud refuses it:\n\n${error.summary}\n${error.detail ?? ""}`,
      );
    }
    if (error instanceof UnknownSyntax) {
      throw new UserError(`The configuration has what is not understood here: ${error.message}`);
    }
    throw error;
  }
}

async function fromState(options: ExplainOptions, { spec }: Preview): Promise<Explained> {
  const cluster = await Cluster.synthesizedBefore(options, () => undefined);
  refuseTruncatedState(cluster);
  return explainState(existingOf(await cluster.shownState(), spec), spec);
}

/** A stack that differs from tofu.tfvars would be applied all the same: warns of it. */
function warnOfOtherStack({ stackDirectory, json }: Preview): void {
  const file = join(stackDirectory, "cdk.tf.json");
  if (!existsSync(file)) return;
  if (isDeepStrictEqual(parsed(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(json)))) {
    return;
  }
  printError(
    `${relative(process.cwd(), file)} is not what tofu.tfvars comes to: tofu.tfvars has changed since, ` +
      "another version wrote it, or it was edited. This is about tofu.tfvars; bring the other " +
      "in step:\n\n  ./openaether plan\n",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
