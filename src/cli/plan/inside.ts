import type { Answers } from "../nodes/ask";
import {
  type ConfigurationChange,
  nodeChanges,
  type NodeChange,
  type VersionStep,
} from "../nodes/changes";
import type { NodeProblem } from "../nodes/problems";
import type { Wanted } from "../nodes/wanted";

/** Among what does not answer: the API. */
export const kubernetes = "Kubernetes";

/** What a plan changes inside the nodes. */
export interface Inside {
  /** Whether the nodes reported. */
  readonly isAsked: boolean;
  /** Why they were not asked, in a sentence; undefined where there is nothing to ask yet. */
  readonly notAsked?: string;
  /**
   * Nodes that were asked and did not answer, by name; "Kubernetes" where it alone did not. Whether they
   * differ is not known.
   */
  readonly silent: readonly string[];
  readonly changes: readonly NodeChange[];
  /** The upgrades of all nodes, in their order. */
  readonly steps: readonly VersionStep[];
  readonly problems: readonly NodeProblem[];
}

/** @param wanted Undefined where the plan does not say what the nodes should be */
export function insideOf(wanted: Wanted | undefined, answers: Answers): Inside {
  if ("notAsked" in answers) {
    const { notAsked } = answers;
    const reason = notAsked === undefined ? {} : { notAsked };
    return { isAsked: false, ...reason, silent: [], changes: [], steps: [], problems: [] };
  }
  const { observation } = answers;
  if (wanted === undefined) {
    const notAsked = "this plan does not know their configuration before its apply";
    return { isAsked: false, notAsked, silent: [], changes: [], steps: [], problems: [] };
  }
  const silent = observation.nodes.filter(
    ({ name, talos }) => talos === undefined && wanted.nodes.some((one) => one.name === name),
  );
  const names = silent.map(({ name }) => name);
  if (names.length === 0 && observation.kubernetesProblem !== undefined) names.push(kubernetes);
  return { isAsked: true, silent: names, ...nodeChanges(wanted, observation) };
}

/** The nodes that these changes concern, by name. */
export function changedNodes(changes: readonly NodeChange[]): ReadonlySet<string> {
  return new Set(
    changes.flatMap((change) => {
      if (change.kind === "talos") return change.nodes.map(({ name }) => name);
      return change.kind === "kubernetes" ? [] : [change.node];
    }),
  );
}

/** Configuration changes that several nodes share. */
export interface SharedChange extends Omit<ConfigurationChange, "node"> {
  readonly nodes: readonly string[];
}

/** Nodes with the same differences and the same effect are one line of a summary. */
export function sharedChanges(changes: readonly NodeChange[]): SharedChange[] {
  const shared = new Map<string, SharedChange>();
  for (const change of changes) {
    if (change.kind !== "configuration") continue;
    const { node, ...rest } = change;
    const key = JSON.stringify(rest);
    shared.set(key, { ...rest, nodes: [...(shared.get(key)?.nodes ?? []), node] });
  }
  return [...shared.values()];
}

/** For `--json`. */
export function jsonOf({ isAsked, notAsked, changes, problems }: Inside): object {
  return {
    asked: isAsked,
    ...(notAsked === undefined ? {} : { because: notAsked }),
    changes,
    problems,
  };
}
