import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { anotherAuthority } from "../../talos/talos-error";
import { noWay } from "./connection";
import type { Observation, ObservedNode } from "./observation";

/**
 * What prevents work inside the nodes. `no path`: no order of upgrades leads to the wanted
 * versions, and tofu.tfvars must change.
 */
export interface NodeProblem extends Diagnostic {
  readonly kind: "node" | "etcd" | "kubernetes" | "no path";
}

/**
 * States of a cluster in which nothing inside its nodes is begun, and what a user does about each.
 * @param wanted Names of the nodes that stay: of the others, a removal that has begun is no problem
 */
export function problemsIn(observation: Observation, wanted: readonly string[]): NodeProblem[] {
  const isLeaving = ({ name, kubernetes }: ObservedNode) =>
    !wanted.includes(name) && (kubernetes === undefined || kubernetes.cordonedFor === "remove");
  return [
    ...observation.nodes.flatMap((node) =>
      isLeaving(node) ? [] : nodeProblems(node, observation),
    ),
    ...etcdProblems(observation),
    ...kubernetesProblems(observation),
  ];
}

function nodeProblems(
  { name, address, talos, problem, kubernetes }: ObservedNode,
  { kubernetesProblem }: Observation,
): NodeProblem[] {
  const of = (summary: string, fix?: string): NodeProblem => ({
    severity: "error",
    kind: "node",
    summary: `${name} ${summary}`,
    ...(fix === undefined ? {} : { fix }),
  });
  if (talos === undefined) {
    const text = problem ?? "no answer";
    return [of(`(${address}) does not answer: ${text}`, silenceFix(name, text))];
  }
  const { stage, ready, unmet } = talos.status;
  const problems: NodeProblem[] = [];
  if (stage !== "running") problems.push(of(`is ${stage}`));
  else if (!ready) problems.push(of(`is not ready: ${unmet.join(", ")}`));
  if (kubernetes === undefined) {
    return kubernetesProblem === undefined
      ? [...problems, of("is not known to Kubernetes")]
      : problems;
  }
  if (!kubernetes.ready) problems.push(of("is not Ready in Kubernetes"));
  if (kubernetes.cordoned && kubernetes.cordonedFor === undefined) {
    problems.push(
      of(
        "is cordoned, and not by this program: it is left so",
        `kubectl uncordon ${kubernetes.name}`,
      ),
    );
  }
  return problems;
}

/** @returns undefined where the node itself may be well */
function silenceFix(name: string, problem: string): string | undefined {
  if (problem === noWay) return undefined;
  if (problem === anotherAuthority) {
    return "./openaether state import-secrets --talosconfig <file>   # if the CA was rotated: docs/leaked.md";
  }
  return `./openaether up --replace ${name}`;
}

function etcdProblems({ nodes, members, alarms, disagreeing }: Observation): NodeProblem[] {
  const of = (summary: string, fix?: string): NodeProblem => ({
    severity: "error",
    kind: "etcd",
    summary,
    ...(fix === undefined ? {} : { fix }),
  });
  const [first] = nodes.filter(({ role }) => role === "controlplane");
  if (members.length === 0) return [of("etcd does not answer on any control plane")];
  const at = `talosctl --nodes ${first?.address ?? ""}`;
  const addresses = nodes.map(({ address }) => address);
  const problems = alarms.map((alarm) =>
    alarm === "NOSPACE"
      ? of(
          "etcd is full (alarm NOSPACE): it takes no writes until it is defragmented",
          `${at} etcd defrag && ${at} etcd alarm disarm`,
        )
      : of(`etcd has raised the alarm ${alarm}`),
  );
  for (const { id, hostname, address, isLearner } of members) {
    if (!addresses.includes(address)) {
      problems.push(
        of(
          `etcd has a member ${hostname === "" ? id : hostname} (${address}) that is none of the nodes`,
          `${at} etcd remove-member ${id}`,
        ),
      );
    } else if (hostname === "") {
      problems.push(
        of(
          `etcd's member ${id} (${address}) was added and never started`,
          `${at} etcd remove-member ${id}`,
        ),
      );
    } else if (isLearner)
      problems.push(of(`etcd's member ${hostname} is a learner, without a vote`));
  }
  for (const name of disagreeing) problems.push(of(`etcd on ${name} knows other members`));
  return problems;
}

function kubernetesProblems({ kubernetesProblem, strangers }: Observation): NodeProblem[] {
  if (kubernetesProblem !== undefined) {
    return [
      {
        severity: "error",
        kind: "kubernetes",
        summary: `Kubernetes does not answer: ${kubernetesProblem}`,
      },
    ];
  }
  return strangers.map(({ name, address }) => ({
    severity: "warning",
    kind: "kubernetes",
    summary: `Kubernetes has a node ${name} (${address === "" ? "no address" : address}) that is none of this cluster's machines`,
    fix: `kubectl delete node ${name}`,
  }));
}
