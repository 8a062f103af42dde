import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { isControlPlane } from "../cluster/node-order";
import type { Change } from "./changes";
import { imagesIn, nodeImagesAddress } from "./node-images";

/**
 * What the user should know before agreeing: the summary says what happens ("control-plane-1 will
 * be REPLACED"), the detail what that means.
 */
export interface PlanWarning extends Diagnostic {
  readonly detail: string;
  /** @default - the plan gives no reason */
  readonly because?: string;
  /** The node that is removed or restarted. */
  readonly node?: string;
  /** The word of consent: `--allow image`. `--yes` does not cover it. @default - the node's name */
  readonly consent?: string;
  /** It destroys the whole cluster: neither `--yes` nor `--allow` covers it. */
  readonly losesCluster?: true;
  /** A restart that leaves etcd its quorum, and nothing of which is lost: `--yes` covers it. */
  readonly isGated?: true;
  /** etcd was never bootstrapped, so nothing is lost: `--yes` covers it. */
  readonly losesNothing?: true;
}

/** Words of --allow besides the names of nodes. */
export const consentWords: readonly string[] = ["image", "internet"];

/** Everything that replaces, restarts or removes a machine, closes the API for a while, or loses keys. */
export function warningsOf(
  changes: readonly Change[],
  restartedBy: readonly string[],
  hasEtcd = true,
): PlanWarning[] {
  return changes.flatMap((change) => {
    const { action, node, isServer, part, type } = change;
    if (action === "create") return [];
    if (isServer && node !== undefined) return ofNode(change, node, restartedBy, hasEtcd);
    if (type === "talos_machine_secrets" && action === "replace") {
      return [
        {
          severity: "warning",
          summary: "The cluster's keys will be REPLACED",
          detail: "no node and no kubeconfig knows the new ones: the cluster is lost",
          losesCluster: true,
          because: reasonOf(change),
        },
      ];
    }
    if (change.address === nodeImagesAddress) return ofImages(change);
    const isGone = action === "replace" || action === "destroy";
    // Only one control plane's entry in it.
    if (part === "load balancer" && node === undefined && isGone) {
      return [
        {
          severity: "warning",
          summary: `${change.address} will be ${action === "replace" ? "REPLACED" : "DESTROYED"}`,
          detail: "the API does not answer in the meantime; its address stays",
          because: reasonOf(change),
        },
      ];
    }
    return [];
  });
}

/** Another image of the same name, or of another name: its publisher gets the new nodes' keys. */
function ofImages({ before, after }: Change): PlanWarning[] {
  const [from, to] = [imagesIn(before), imagesIn(after)];
  return Object.entries(from)
    .filter(([place, id]) => to[place] !== undefined && to[place] !== id)
    .map(([place, id]) => ({
      severity: "warning" as const,
      consent: "image",
      summary: `New nodes in ${place} will be created from ANOTHER IMAGE: ${to[place] ?? ""}`,
      detail: `until now ${id}; nodes that exist are not touched`,
    }));
}

function ofNode(
  change: Change,
  node: string,
  restartedBy: readonly string[],
  hasEtcd: boolean,
): PlanWarning[] {
  const severity = "warning";
  const isMember = isControlPlane(node);
  if (isMember && !hasEtcd && (change.action === "replace" || change.action === "destroy")) {
    const summary = `${node} will be ${change.action === "replace" ? "REPLACED" : "DESTROYED"}`;
    return [
      {
        severity,
        summary,
        detail: "etcd was not bootstrapped yet: nothing is lost",
        losesNothing: true,
      },
    ];
  }
  const loss = isMember ? "its disk goes; etcd loses a member" : "its disk goes";
  if (change.action === "replace") {
    return [
      {
        severity,
        node,
        summary: `${node} will be REPLACED`,
        detail: loss,
        because: reasonOf(change),
      },
    ];
  }
  if (change.action === "destroy") {
    return [{ severity, node, summary: `${node} will be DESTROYED`, detail: loss }];
  }
  const restarting = change.changed.filter((name) => restartedBy.includes(name));
  if (restarting.length === 0) return [];
  return [
    {
      severity,
      node,
      summary: `${node} will be RESTARTED`,
      detail: isMember ? "etcd is without it for minutes" : "its pods are gone for minutes",
      because: restarting.map((name) => difference(change, name)).join(", "),
    },
  ];
}

/** "type changes from DEV1-M to PRO2-XXS" */
function reasonOf(change: Change): string | undefined {
  if (change.replacedBy.length > 0) {
    return [...new Set(change.replacedBy)].map((name) => difference(change, name)).join(", ");
  }
  if (change.reason === "replace_by_request") return "it was requested";
  if (change.reason === "replace_because_tainted") return "its creation failed half-way";
  if (change.reason === "replace_by_triggers") return "what it belongs to is replaced";
  return undefined;
}

function difference({ before, after }: Change, name: string): string {
  const [from, to] = [before[name], after[name]];
  const isPlain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
  return isPlain(from) && isPlain(to)
    ? `${name} changes from ${String(from)} to ${String(to)}`
    : `${name} changes`;
}
