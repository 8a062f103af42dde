import { warnings } from "../../view/messages";
import { Cluster, type ClusterOptions } from "../cluster/cluster";
import { checkCredentials } from "../cluster/credentials";
import { refuseTruncatedState } from "../cluster/truncated-state";
import { exitStatus } from "../exit-status";
import { commandLines } from "./commands";
import { type Answers, askNodes } from "../nodes/ask";
import { type Inside, insideOf, jsonOf } from "./inside";
import { makePlan, type SavedPlan } from "./make-plan";
import { releaseOwnLock } from "../cluster/held-lock";
import { initialize } from "../cluster/preparation";
import { withLockExplained } from "../cluster/state-lock";
import type { Synthesized } from "../../synth";
import { summarizePlan } from "./summary";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { apiVariable } from "../cluster/api-endpoint";
import { print, printJson } from "../../view/output";

export interface ShowPlanOptions extends ClusterOptions {
  readonly full: boolean;
  readonly json: boolean;
  /** False: --no-lock, for credentials that may only read the state. */
  readonly lock: boolean;
  /** Print the commands that do the same by hand. */
  readonly commands: boolean;
}

/**
 * What `up` would do.
 * @returns the exit status: 2 when there are changes; 1 when no upgrade leads to the wanted versions
 */
export async function showPlan(options: ShowPlanOptions): Promise<number> {
  const say = options.json ? () => undefined : print;
  const cluster = await Cluster.synthesize(options, say);
  return withLockExplained(cluster, () => show(cluster, options, say));
}

async function show(
  cluster: Cluster & { readonly synthesized: Synthesized },
  options: ShowPlanOptions,
  say: (text: string) => void,
): Promise<number> {
  const { warnings: problems, input } = cluster.synthesized;
  checkCredentials(cluster);
  refuseTruncatedState(cluster);
  await initialize(cluster);
  if (options.lock) await releaseOwnLock(cluster, say);
  // The nodes answer while tofu reads the cloud.
  const asked = askNodes(cluster, () => cluster.readState());
  const saved = await makePlan(cluster, {
    isReadOnly: true,
    args: options.lock ? [] : ["-lock=false"],
    say,
  });
  const answers = await asked;
  const inside = insideOf(saved.wanted, answers);
  const { changes, access, existing } = saved;
  if (options.json) {
    const reported = changes.map(({ address, action, part, node }) => ({
      address,
      action,
      part,
      node,
    }));
    printJson(
      {
        cluster: cluster.immutable,
        standing: existing,
        warnings: saved.warnings,
        access,
        changes: reported,
        stages: saved.stages.map(({ kind, nodes, addresses }) => ({ kind, nodes, addresses })),
        nodes: jsonOf(inside),
      },
      2,
    );
  } else if (options.commands) {
    print(commandsOf(cluster, saved, inside, answers).join("\n"));
  } else if (options.full) {
    print(stripVTControlCharacters(await cluster.must("show", saved.file)));
  } else {
    const notes = warnings(problems, input);
    if (notes !== "") print(`${notes}\n`);
    print(summarizePlan({ title: cluster.title, ...saved, inside }));
  }
  return statusOf(saved, inside);
}

function statusOf({ changes }: SavedPlan, inside: Inside): number {
  if (inside.problems.some(({ kind }) => kind === "no path")) return exitStatus.failed;
  const isUnchanged = changes.length === 0 && inside.changes.length === 0;
  return isUnchanged ? exitStatus.done : exitStatus.changesPending;
}

function commandsOf(
  cluster: Cluster,
  { stages, wanted }: SavedPlan,
  { changes, steps, problems, notAsked }: Inside,
  answers: Answers,
): string[] {
  const endpoint = process.env[apiVariable] ?? "";
  const notes = [
    ...problems.map(({ summary }) => `# ! ${summary}`),
    ...(notAsked === undefined ? [] : [`# not asked: what runs inside the nodes. ${notAsked}`]),
  ];
  if (stages.length === 0 && changes.length === 0) return ["# No changes.", ...notes];
  const lines = commandLines({
    stackDirectory: relative(cluster.home, cluster.stackDirectory),
    varFile: cluster.varFile,
    kubeconfig: cluster.fileName("kubeconfig"),
    talosconfig: cluster.fileName("talosconfig"),
    clusterName: cluster.immutable.cluster_name,
    state: cluster.state,
    stages,
    changes,
    steps,
    observation: "observation" in answers ? answers.observation : undefined,
    wanted,
    ...(endpoint === "" ? {} : { endpoint: `https://${endpoint}` }),
  });
  return [...notes, ...lines];
}
