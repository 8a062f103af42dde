import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJournal, removeSecrets } from "../../tofu/journal";
import { typeOf } from "../../tofu/show-json";
import type { Cluster } from "../cluster/cluster";
import { journalName } from "../cluster/truncated-state";
import { type Outcome, outcomeOf } from "./outcome";
import { StateView } from "./state-view";
import { readUnresolved, type Unresolved } from "./unresolved";

/** What a failed run has left behind. */
export interface LeftBehind {
  /** Created, and missing in the state, or there with an earlier id. */
  readonly made: readonly Lost[];
  /** Started, with an unknown result: addresses. */
  readonly underWay: readonly string[];
  /** Refused because they exist already, with the id that the refusal names. */
  readonly refused: readonly { readonly address: string; readonly id: string | undefined }[];
  /** Destroyed, and still in the state: addresses. */
  readonly destroyed: readonly string[];
  /** Their destruction was started, with an unknown result: addresses. */
  readonly ending: readonly string[];
}

export interface Lost {
  readonly address: string;
  readonly id: string;
  /** The state has an earlier object of this address, which is deleted by now. */
  readonly replaces: boolean;
}

/** Whether it is an object of the cloud, and not of the state, of this machine or of Talos alone. */
export function isOfCloud(address: string): boolean {
  return !ofNoCloud.test(address) && !/^(talos_|terraform_data\.)/.test(address);
}

export const nothing: LeftBehind = {
  made: [],
  underWay: [],
  refused: [],
  destroyed: [],
  ending: [],
};

/** They exist in the state only, on this machine, or are recreated for free. */
const ofNoCloud =
  /^(null_resource|tls_private_key|local_file|local_sensitive_file|talos_machine_secrets|talos_cluster_kubeconfig)\./;

/**
 * Compares the journal of a failed run, and what earlier runs left unresolved, with the state;
 * other runs leave nothing.
 */
export async function leftBehind(cluster: Cluster): Promise<LeftBehind> {
  const file = join(cluster.memory, journalName);
  // After a kill the journal is as tofu wrote it.
  removeSecrets(file);
  const events = readJournal(file);
  const before = readUnresolved(cluster);
  if (events.length + before.length === 0) return nothing;
  const { recovery } = cluster.cloud;
  const outcome = outcomeOf(events, (address) => recovery[typeOf(address)]?.existsMessage);
  return unknownTo(await StateView.of(cluster), withEarlier(outcome, before));
}

/** Including what runs before that one left unresolved. */
function withEarlier(outcome: Outcome, before: readonly Unresolved[]): Outcome {
  const made = new Map(outcome.made);
  const begun = new Set(outcome.begun);
  for (const { address, id } of before) {
    if (outcome.made.has(address)) continue;
    if (id === undefined) begun.add(address);
    else made.set(address, id);
  }
  return { ...outcome, made, begun };
}

/** The run's result has been reported: its journal, or a state that tofu could not save, is not used any more. */
export function closeJournal(cluster: Cluster): void {
  rmSync(join(cluster.stackDirectory, "errored.tfstate"), { force: true });
  const file = join(cluster.memory, journalName);
  if (existsSync(file)) renameSync(file, `${file}.done`);
}

/** Nothing is left: what the runs before the last one started means nothing any more. */
export function forgetEarlierJournal(cluster: Cluster): void {
  rmSync(join(cluster.memory, `${journalName}.before`), { force: true });
}

/** What the state lacks of a run's results. */
export function unknownTo(
  state: Pick<StateView, "has" | "idOf">,
  { made, begun, destroyed, ending, refused }: Outcome,
): LeftBehind {
  // After a kill the state may still have the earlier one.
  const isKnown = (address: string) =>
    state.has(address) && state.idOf(address) !== destroyed.get(address);
  const isOfCloud = (address: string) => !ofNoCloud.test(address);
  return {
    made: [...made].flatMap(([address, id]) => {
      const known = state.idOf(address);
      return known === id || !isOfCloud(address)
        ? []
        : [{ address, id, replaces: known !== undefined }];
    }),
    // The bootstrap is recovered differently: by calling Talos itself.
    underWay: [...begun].filter(
      (address) => isOfCloud(address) && !address.startsWith("talos_") && !isKnown(address),
    ),
    refused: [...refused]
      .filter(([address]) => isOfCloud(address) && !isKnown(address))
      .map(([address, id]) => ({ address, id })),
    destroyed: [...destroyed]
      .filter(([address, id]) => isOfCloud(address) && state.idOf(address) === id)
      .map(([address]) => address),
    ending: [...ending].filter((address) => isOfCloud(address) && state.has(address)),
  };
}
