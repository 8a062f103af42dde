import { findTalosctl } from "../../programs/real-programs";
import { printJson } from "../../view/output";
import { apiEndpoint } from "../cluster/api-endpoint";
import type { Cluster } from "../cluster/cluster";
import type { ClusterOptions } from "../cluster/directory";
import type { RunningNodes } from "../nodes/node-work";
import type { KnownNode } from "../nodes/observation";
import { probeText } from "../nodes/probe";
import { cordonReasons } from "../nodes/settle";
import { roll } from "../nodes/roll/roll";
import { type RollEvent, simulatedHaste, usualPatience } from "../nodes/roll/work";
import type { Wanted } from "../nodes/wanted";
import { colors } from "../../view/colors";
import { type Inside, kubernetes } from "../plan/inside";
import type { SavedPlan } from "../plan/make-plan";
import { UserError } from "../../errors";

export interface InsideOptions extends ClusterOptions {
  readonly json: boolean;
  /** --gate: the user's own check after each node. */
  readonly gate?: string;
  /** In milliseconds, for each node. */
  readonly drainTimeout: number;
}

/** What is wanted, what differs from it, and what runs. */
export interface Difference {
  readonly plan: Pick<SavedPlan, "wanted" | "stages">;
  readonly inside: Inside;
  readonly running: () => Promise<RunningNodes>;
}

/** Whether the nodes are to be changed. */
export function isWorkInside({ changes }: Inside): boolean {
  return changes.length > 0;
}

/** A cordon of a machine's removal, replacement or restart is ended with that. */
function isRollDue({ changes }: Inside): boolean {
  return changes.some(
    (change) => change.kind !== "cordon" || !cordonReasons.includes(change.reason),
  );
}

/** @throws UserError where nothing may begin: no path of upgrades leads to the wanted versions */
export function refuseInside({ problems }: Inside): void {
  const noPath = problems.filter(({ kind }) => kind === "no path");
  if (noPath.length === 0) return;
  throw new UserError(noPath.map(({ summary }) => summary).join("\n"));
}

/**
 * Nothing is left to do only where every node has said so.
 * @param worked Nodes that this run has replaced, restarted or removed
 * @throws UserError that names the nodes of which it is not known
 */
export function refuseSilent({ silent }: Inside, worked: readonly string[]): void {
  // The only control plane may have been replaced for its API server.
  const isWorked = (name: string) =>
    worked.includes(name) || (name === kubernetes && worked.length > 0);
  const left = silent.filter((name) => !isWorked(name));
  if (left.length === 0) return;
  throw new UserError(
    `Not known whether ${left.join(", ")} ${left.length === 1 ? "is" : "are"} as tofu.tfvars says: no answer, and ` +
      "nothing was changed inside. A node that boots answers in a minute or two; of another, look at its " +
      "console. Then run the same command again.",
  );
}

/**
 * Brings the running nodes to what the plan says.
 * @throws UserError with the way on
 */
export async function changeInside(
  cluster: Cluster,
  { plan, inside, running }: Difference,
  options: InsideOptions & { readonly say: (text: string) => void },
): Promise<void> {
  if (plan.wanted === undefined || !isRollDue(inside)) return;
  const { connection, known, except } = await running();
  const { json, gate, drainTimeout, say } = options;
  const { steps, probe } = await roll({
    connection,
    known,
    except,
    wanted: ofStaying(plan.wanted, plan.stages, known),
    api: apiEndpoint(await cluster.readState(), process.env),
    patience: { ...usualPatience, drain: drainTimeout },
    haste: cluster.isSimulated ? simulatedHaste : 1,
    talosctl: async () => (await findTalosctl({ environment: process.env, progress: say })).path,
    memory: cluster.memory,
    scratch: cluster.scratch,
    ...(gate === undefined ? {} : { userGate: gate }),
    report: (event) => {
      if (json) printJson({ inside: event });
      else say(eventText(event));
    },
  });
  if (json) printJson({ inside: { steps, probe } });
  else if (probe !== undefined) say(`\n${probeText(probe)}`);
}

/** New nodes, and those that are replaced, get the same from their new machine's user data. */
function ofStaying(
  wanted: Wanted,
  stages: SavedPlan["stages"],
  known: readonly KnownNode[],
): Wanted {
  const leaving = stages
    .filter(({ kind }) => kind === "replace" || kind === "remove")
    .flatMap((stage) => stage.nodes);
  const stays = (name: string) =>
    known.some((node) => node.name === name) && !leaving.includes(name);
  return { ...wanted, nodes: wanted.nodes.filter(({ name }) => stays(name)) };
}

/** A line for each thing that has happened. */
function eventText({ state, node, text }: RollEvent): string {
  if (state === "begun") return `  ${colors.dim("·")} ${text}`;
  if (state === "done") return `  ${colors.green("✓")} ${text}`;
  return `    ${node === undefined ? "" : `${node}: `}${text}`;
}
