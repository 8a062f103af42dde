import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TofuEvent } from "../../tofu/events";
import { readJournal } from "../../tofu/journal";
import { writeWhole } from "../../whole-file";
import type { Cluster } from "../cluster/cluster";
import type { ClusterDirectory } from "../cluster/directory";
import { journalName } from "../cluster/truncated-state";
import { Configuration } from "./configuration";
import { isOfCloud } from "./left-behind";
import { StateView } from "./state-view";

/** In the command line's directory: addresses that a run elsewhere may have created. Its journal is there. */
const fileName = "possible.json";

export function writePossible(cluster: ClusterDirectory, addresses: readonly string[]): void {
  const file = join(cluster.memory, fileName);
  if (addresses.length === 0) rmSync(file, { force: true });
  else writeWhole(file, JSON.stringify(addresses));
}

/**
 * Records as in progress what may have been created by now: all that it depends on exists. What depends on
 * something that does not exist was not begun. Each look-up may let others follow.
 * @returns whether there is more to look up
 */
export async function beginPossible(cluster: Cluster): Promise<boolean> {
  const file = join(cluster.memory, fileName);
  if (!existsSync(file)) return false;
  const journal = join(cluster.memory, journalName);
  const begun = new Set(readJournal(journal).flatMap(({ hook }) => hook?.resource?.addr ?? []));
  const configuration = Configuration.of(cluster);
  const state = await StateView.of(cluster);
  const addresses = (JSON.parse(readFileSync(file, "utf8")) as string[]).filter(
    (address) =>
      isOfCloud(address) &&
      !begun.has(address) &&
      !state.has(address) &&
      configuration
        .dependenciesOf(address)
        .every((other) => !isOfCloud(other) || other.startsWith("data.") || state.has(other)),
  );
  const events = addresses.map((address) => `${JSON.stringify(started(address, "create"))}\n`);
  appendFileSync(journal, events.join(""), { mode: 0o600 });
  return addresses.length > 0;
}

/** An event of a journal. */
export function started(address: string, action: "create" | "delete"): TofuEvent {
  const hook = { resource: { addr: address }, action };
  return { type: "apply_start", "@timestamp": new Date().toISOString(), hook };
}
