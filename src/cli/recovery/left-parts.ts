import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Part } from "../../../constructs/model/recovery";
import { wordsOf } from "../../tofu/process";
import { typeOf } from "../../tofu/show-json";
import { writeWhole } from "../../whole-file";
import type { Cluster } from "../cluster/cluster";
import { waitingFor } from "../cluster/waiting";
import { notFoundByImport } from "./import";
import { ProviderDirectory } from "./provider-directory";
import { StateView } from "./state-view";

const fileName = "left-parts.json";

/**
 * Records the parts of resources whose deletion was interrupted, while the state still has them.
 * @param addresses Resources whose deletion was started.
 */
export async function rememberParts(cluster: Cluster, addresses: readonly string[]): Promise<void> {
  const { recovery } = cluster.cloud;
  const withParts = addresses.filter((address) => recovery[typeOf(address)]?.parts !== undefined);
  if (withParts.length === 0) return;
  const state = await StateView.of(cluster);
  const parts = withParts.flatMap(
    (address) => recovery[typeOf(address)]?.parts?.(state.values(address) ?? {}) ?? [],
  );
  const before = remembered(cluster);
  const added = parts.filter((part) => !before.some(({ importId }) => importId === part.importId));
  write(cluster, [...before, ...added]);
}

/**
 * Deletes the parts that an interrupted deletion left, at the end of the run that resumed it: each
 * is imported into a state of its own, and destroyed there. Parts of anything in the cluster's
 * state are not deleted.
 * @returns what could not be deleted; the next run tries again
 */
export async function deleteLeftParts(
  cluster: Cluster,
  say: (text: string) => void,
): Promise<readonly Part[]> {
  const parts = remembered(cluster);
  if (parts.length === 0) return [];
  const used = (await StateView.of(cluster)).partIds();
  const left = parts.filter(({ importId }) => !used.has(importId));
  write(cluster, left);
  if (left.length === 0) return [];
  const directory = new ProviderDirectory(cluster, "left-parts");
  try {
    const named = left.map((part, index) => ({ ...part, name: `left_${index}` }));
    const resource: Record<string, Record<string, unknown>> = {};
    for (const { type, name, arguments: required } of named) {
      (resource[type] ??= {})[name] = required;
    }
    directory.configure({ resource });
    const rest: Part[] = [];
    const imported: string[] = [];
    let message = "";
    for (const { name, ...part } of named) {
      const address = `${part.type}.${name}`;
      const captured = await waitingFor(
        "looking up what an interrupted deletion left",
        say,
        directory.tofu("import", "-no-color", address, part.importId),
      );
      if (captured.code === 0) imported.push(part.importId);
      else if (!wordsOf(captured).includes(notFoundByImport)) {
        message = wordsOf(captured);
        rest.push(part);
      }
    }
    if (imported.length > 0) {
      const captured = await waitingFor(
        "deleting what an interrupted deletion left",
        say,
        directory.tofu("destroy", "-no-color", "-auto-approve"),
      );
      if (captured.code === 0) {
        say(`\nDeleted, left by an interrupted deletion: ${imported.join(", ")}`);
      } else {
        message = wordsOf(captured);
        rest.push(...left.filter(({ importId }) => imported.includes(importId)));
      }
    }
    write(cluster, rest);
    if (rest.length > 0) say(`\n${notDeleted(cluster, rest, message)}`);
    return rest;
  } finally {
    directory.end();
  }
}

/** For programs. */
export function shownPart({ type, importId }: Part): {
  readonly type: string;
  readonly id: string;
} {
  return { type, id: importId };
}

function notDeleted(cluster: Cluster, parts: readonly Part[], message: string): string {
  const rows = parts.map(({ type, importId }) => `  ${type}  ${importId}`).join("\n");
  return (
    `ORPHAN: left by an interrupted deletion, and not deleted: run the same command again, or delete them ` +
    `in ${cluster.cloud.title}'s console:\n\n${rows}\n\n${message}`
  );
}

function remembered(cluster: Cluster): readonly Part[] {
  const file = join(cluster.memory, fileName);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Part[]) : [];
}

function write(cluster: Cluster, parts: readonly Part[]): void {
  const file = join(cluster.memory, fileName);
  if (parts.length === 0) rmSync(file, { force: true });
  else writeWhole(file, `${JSON.stringify(parts, undefined, 2)}\n`);
}
