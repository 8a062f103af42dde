import { rmSync } from "node:fs";
import { join } from "node:path";
import { isStateLocked, TofuFailure, wordsOf } from "../../tofu/process";
import { type ManagedResource, managedResources, parsePlan } from "../../tofu/show-json";
import type { StateResource } from "../../tofu/state-file";
import type { Cluster } from "../cluster/cluster";
import { changeState, withTypes } from "../cluster/change-state";
import type { ScratchWorkspace } from "./scratch-workspace";

/** What tofu says of an import when there is nothing with that id. */
export const notFoundByImport = "Cannot import non-existent remote object";

/** What is to be taken into the state. */
export interface Wanted {
  readonly address: string;
  /** As the provider wants it for an import. */
  readonly importId: string;
}

/**
 * Takes resources into the state, all in one run of tofu where that can be done.
 * @returns why tofu would not, in its words, by address; those that are not named are in the state
 * @throws UserError when somebody else holds the state
 */
export async function importAll(
  cluster: Cluster,
  bench: ScratchWorkspace,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  if (wanted.length > 1 && (await importTogether(cluster, bench, wanted))) return refused;
  for (const { address, importId } of wanted) {
    const captured = await bench.run("import", "-no-color", address, importId);
    const words = wordsOf(captured);
    // This says nothing about the resource.
    if (isStateLocked(words)) throw new TofuFailure(words);
    if (captured.code !== 0) refused.set(address, oneLine(words));
  }
  return refused;
}

/**
 * Plans the imports as blocks, and writes into the state what the plan has read of them. It is not
 * applied: what it would change besides is nobody's wish here.
 * @returns false where tofu refuses the plan: one of them is not there, say
 */
async function importTogether(
  cluster: Cluster,
  bench: ScratchWorkspace,
  wanted: readonly Wanted[],
): Promise<boolean> {
  const added = [
    bench.add("imports.tf.json", {
      import: wanted.map(({ address, importId }) => ({ to: address, id: importId })),
    }),
    // What is not to be destroyed would stand against a plan that replaces it.
    bench.add("imports_override.tf.json", { resource: unchanged(bench.resources) }),
  ];
  const file = join(cluster.scratch, "importing.plan");
  try {
    const targets = wanted.map(({ address }) => `-target=${address}`);
    const { code } = await bench.run("plan", `-out=${file}`, ...targets);
    if (code !== 0) return false;
    const shown = parsePlan(await bench.must("show", "-json", file));
    const addresses = new Set(wanted.map(({ address }) => address));
    const read = managedResources(shown.prior_state).filter(({ address }) =>
      addresses.has(address),
    );
    if (read.length < addresses.size) return false;
    await changeState(cluster, ({ resources }) => {
      resources.push(...read.map(entry));
    });
    return true;
  } finally {
    for (const one of added) one.remove();
    rmSync(file, { force: true });
  }
}

function entry({ mode, type, name, ...read }: ManagedResource): StateResource {
  const instance = {
    schema_version: read.schema_version,
    attributes: withTypes(type, read.values),
  };
  return { mode, type, name, provider: `provider["${read.provider_name}"]`, instances: [instance] };
}

function unchanged(resources: ScratchWorkspace["resources"]): object {
  const asItIs = { lifecycle: { ignore_changes: "all" } };
  return Object.fromEntries(
    Object.entries(resources).map(([type, named]) => [
      type,
      Object.fromEntries(Object.keys(named).map((name) => [name, asItIs])),
    ]),
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
