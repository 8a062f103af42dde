import { join } from "node:path";
import { readJournal } from "../../tofu/journal";
import type { Cluster } from "../cluster/cluster";

/** Under the folder that the command line remembers in. */
export const journalName = "journal";

/** What a run that did not end cleanly has left behind. */
export interface LeftBehind {
  /** Made, and the state does not know it: address and id. */
  readonly made: readonly { readonly address: string; readonly id: string }[];
  /** Begun, and nobody knows whether it was done. */
  readonly underWay: readonly string[];
}

/** Resources whose id says nothing to an import: they live in the state alone, or are made again at no cost. */
const notImported =
  /^(null_resource|terraform_data|tls_private_key|local_file|local_sensitive_file)\./;

/** Compares the journal of a run that did not end by itself with the state; others have none. */
export async function leftBehind(cluster: Cluster): Promise<LeftBehind> {
  const events = readJournal(join(cluster.memory, journalName));
  if (events.length === 0) return { made: [], underWay: [] };
  const known = new Set((await cluster.run("state", "list")).output.split("\n"));
  const made = new Map<string, string>();
  const underWay = new Set<string>();
  for (const { type, hook } of events) {
    const address = hook?.resource?.addr;
    if (address === undefined || hook?.action !== "create") continue;
    if (type === "apply_start") underWay.add(address);
    if (type === "apply_errored") underWay.delete(address);
    if (type === "apply_complete") {
      underWay.delete(address);
      if (hook.id_value !== undefined) made.set(address, hook.id_value);
    }
  }
  const isLost = (address: string) => !known.has(address) && !notImported.test(address);
  return {
    made: [...made].flatMap(([address, id]) => (isLost(address) ? [{ address, id }] : [])),
    underWay: [...underWay].filter(isLost),
  };
}

/**
 * Imports what the state lost.
 * @returns the addresses that tofu would not take, with its words
 */
export async function bringBack(
  cluster: Cluster,
  { made }: LeftBehind,
): Promise<readonly { readonly address: string; readonly words: string }[]> {
  const failed: { address: string; words: string }[] = [];
  for (const { address, id } of made) {
    const { code, errors } = await cluster.run(
      "import",
      "-no-color",
      `-var-file=${join(cluster.home, cluster.varFile)}`,
      address,
      id,
    );
    if (code !== 0) failed.push({ address, words: errors.trim() });
  }
  return failed;
}
