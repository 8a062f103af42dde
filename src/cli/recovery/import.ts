import { rmSync } from "node:fs";
import { join } from "node:path";
import { isStateLocked, TofuFailure, wordsOf } from "../../tofu/process";
import { type ManagedResource, managedResources, parsePlan } from "../../tofu/show-json";
import type { StateResource } from "../../tofu/state-file";
import type { Cluster } from "../cluster/cluster";
import { changeState, withTypes } from "../cluster/change-state";
import type { ScratchWorkspace } from "./scratch-workspace";

/** tofu's message for an import when there is nothing with that id. */
export const notFoundByImport = "Cannot import non-existent remote object";

/** A resource to import. */
export interface Wanted {
  readonly address: string;
  /** In the provider's format for an import. */
  readonly importId: string;
}

/**
 * Imports resources, all in one run of tofu where possible.
 * @returns tofu's errors, by address; all others are in the state
 * @throws UserError when another process holds the state's lock
 */
export async function importAll(
  cluster: Cluster,
  workspace: ScratchWorkspace,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  if (wanted.length > 1 && (await importTogether(cluster, workspace, wanted))) return refused;
  for (const { address, importId } of wanted) {
    const captured = await workspace.run("import", "-no-color", address, importId);
    const message = wordsOf(captured);
    // This says nothing about the resource.
    if (isStateLocked(message)) throw new TofuFailure(message);
    if (captured.code !== 0) refused.set(address, oneLine(message));
  }
  return refused;
}

/**
 * Plans the imports as blocks, and writes what the plan has read into the state. The plan is not
 * applied: its other changes are not wanted here.
 * @returns false where tofu refuses the plan, for instance since one of them does not exist
 */
async function importTogether(
  cluster: Cluster,
  workspace: ScratchWorkspace,
  wanted: readonly Wanted[],
): Promise<boolean> {
  const added = [
    workspace.add("imports.tf.json", {
      import: wanted.map(({ address, importId }) => ({ to: address, id: importId })),
    }),
    // prevent_destroy would fail a plan that replaces the resource.
    workspace.add("imports_override.tf.json", { resource: unchanged(workspace.resources) }),
  ];
  const file = join(cluster.scratch, "importing.plan");
  try {
    const targets = wanted.map(({ address }) => `-target=${address}`);
    const { code } = await workspace.run("plan", `-out=${file}`, ...targets);
    if (code !== 0) return false;
    const shown = parsePlan(await workspace.must("show", "-json", file));
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
