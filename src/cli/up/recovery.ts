import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { ImportId } from "../../../constructs/cloud-provider";
import { UserError } from "../../errors";
import { readJournal } from "../../tofu/journal";
import type { Cluster } from "../cluster/cluster";
import { Configuration } from "./configuration";
import { fillIn } from "./fill-in";
import { type Outcome, outcomeOf } from "./outcome";
import { StateView } from "./state-view";

/** Under the folder that the command line remembers in. */
export const journalName = "journal";

/** What a run that did not end well has left behind. */
export interface LeftBehind {
  /** Made, and the state does not know it, or knows one that was there before. */
  readonly made: readonly Lost[];
  /** Begun, and nobody knows whether it was done: addresses. */
  readonly underWay: readonly string[];
}

export interface Lost {
  readonly address: string;
  readonly id: string;
  /** The state has another of this address, which is gone by now. */
  readonly replaces: boolean;
}

/** What came of taking it up again. */
export interface BroughtBack {
  readonly imported: readonly string[];
  /** Made, and not imported: with the words of why not. */
  readonly refused: readonly { readonly address: string; readonly id: string; words: string }[];
  /** Perhaps made; what it is called in the cloud, where it has a name. */
  readonly unknown: readonly { readonly address: string; readonly name: string | undefined }[];
}

/** They live in the state alone, on this machine, or are made again at no cost. */
const ofNoCloud =
  /^(null_resource|tls_private_key|local_file|local_sensitive_file|talos_machine_secrets|talos_cluster_kubeconfig)\./;

/** Compares the journal of a run that did not end well with the state; other runs leave none. */
export async function leftBehind(cluster: Cluster): Promise<LeftBehind> {
  const events = readJournal(join(cluster.memory, journalName));
  if (events.length === 0) return { made: [], underWay: [] };
  const outcome = outcomeOf(events);
  const state = await StateView.of(cluster);
  return { made: madeAndLost(outcome, state), underWay: underWay(outcome, state) };
}

function madeAndLost({ made }: Outcome, state: StateView): Lost[] {
  return [...made].flatMap(([address, id]) => {
    if (ofNoCloud.test(address)) return [];
    const known = state.idOf(address);
    return known === id ? [] : [{ address, id, replaces: known !== undefined }];
  });
}

function underWay({ begun }: Outcome, state: StateView): string[] {
  // The bootstrap has a way back of its own: Talos itself is asked.
  return [...begun].filter(
    (address) => !ofNoCloud.test(address) && !address.startsWith("talos_") && !state.has(address),
  );
}

/** The run's end is told and known: nothing is to be taken from its journal any more. */
export function closeJournal(cluster: Cluster): void {
  const file = join(cluster.memory, journalName);
  if (existsSync(file)) renameSync(file, `${file}.done`);
}

/**
 * Imports what the state lost, and of what was under way whatever can be found by its configuration
 * alone. What is no longer in the configuration is imported as it was configured then.
 */
export async function bringBack(cluster: Cluster, left: LeftBehind): Promise<BroughtBack> {
  const configuration = Configuration.of(cluster);
  const imported: string[] = [];
  const refused: { address: string; id: string; words: string }[] = [];
  const unknown: { address: string; name: string | undefined }[] = [];
  const lost = [...left.made.map(({ address }) => address), ...left.underWay];
  const restored = configuration.restore(lost);
  try {
    const ids = new Map(left.made.map(({ address, id }) => [address, id]));
    const ruleOf = (address: string) => cluster.cloud.imports[address.split(".")[0] ?? ""];
    const take = async ({ address, id, replaces }: Lost, wanted: string | undefined) => {
      if (wanted === undefined) {
        refused.push({ address, id, words: "it cannot be imported" });
        return;
      }
      if (replaces) await cluster.must("state", "rm", address);
      const words = await importing(cluster, address, wanted);
      if (words === undefined) imported.push(address);
      else refused.push({ address, id, words });
    };
    for (const lost of left.made) {
      if (ruleOf(lost.address) === undefined) await take(lost, lost.id);
    }
    // Ids that are made of other resources' attributes, which are known by now.
    const state = await StateView.of(cluster);
    const idOf = (address: string, rule: ImportRule, id?: string) =>
      rule({
        ...(id === undefined ? {} : { id }),
        attribute: (name) => configuration.attribute(address, name, state, ids),
      });
    for (const lost of left.made) {
      const rule = ruleOf(lost.address);
      if (typeof rule === "function") await take(lost, idOf(lost.address, rule, lost.id));
    }
    for (const address of left.underWay) {
      const rule = ruleOf(address);
      if (rule === "made again") continue;
      const wanted = rule === undefined ? undefined : idOf(address, rule);
      if (wanted === undefined) {
        unknown.push({ address, name: configuration.nameOf(address) });
      } else if ((await importing(cluster, address, wanted)) === undefined) {
        // Else it is not there: as certain.
        imported.push(address);
      }
    }
    await fillIn(cluster, imported);
  } finally {
    restored.end();
  }
  return { imported, refused, unknown };
}

type ImportRule = Exclude<ImportId, string>;

/**
 * Takes up what a person has found in the cloud's console.
 * @param found "scaleway_lb.api=fr-par-1/<uuid>"
 * @throws UserError when it cannot be understood, or tofu will not
 */
export async function adopt(cluster: Cluster, found: string): Promise<void> {
  const [, address, id] = /^(\w+\.\w+)=(.+)$/.exec(found) ?? [];
  if (address === undefined || id === undefined) {
    throw new UserError(`--adopt ${found}: an address and an id are wanted, as in <address>=<id>`);
  }
  const configuration = Configuration.of(cluster);
  const state = await StateView.of(cluster);
  const rule = cluster.cloud.imports[address.split(".")[0] ?? ""] ?? (() => id);
  const wanted =
    rule === "made again"
      ? undefined
      : rule({
          id,
          attribute: (name) => configuration.attribute(address, name, state, new Map()),
        });
  const words =
    wanted === undefined ? "it cannot be imported" : await importing(cluster, address, wanted);
  if (words !== undefined) throw new UserError(`${address} was not taken up: ${words}`);
  await fillIn(cluster, [address]);
}

/** @returns why tofu would not, in its words */
async function importing(
  cluster: Cluster,
  address: string,
  id: string,
): Promise<string | undefined> {
  const { code, errors, output } = await cluster.run("import", "-no-color", address, id);
  return code === 0 ? undefined : (errors.trim() || output.trim()).replaceAll(/\s+/g, " ");
}
