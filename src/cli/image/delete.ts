import type { ImagePart } from "../../../constructs/model/image-facts";
import { print } from "../../view/output";
import type { ClusterOptions } from "../cluster/directory";
import { exitStatus } from "../exit-status";
import { confirm } from "../plan/confirm";
import { applyImages } from "./apply";
import { beginChanges } from "./begin";
import { neededImage, type NeededImage } from "./needed";
import { findLost } from "./recover";
import { refreshImages } from "./refresh";
import { resumable } from "./resumable";
import { type ImageRow, imageRows, isNeeded } from "./rows";
import { accountOf } from "./survey";
import { deleteUploads } from "./upload";
import { usedIds } from "./used";
import { ImageWorkspace } from "./workspace";

export interface DeleteImagesOptions extends ClusterOptions {
  readonly yes: boolean;
}

/**
 * Deletes the images that were created from here and that this directory's cluster does not use.
 * @returns the exit status
 */
export function deleteImages(options: DeleteImagesOptions): Promise<number> {
  return resumable("image delete", () => deleteUnused(options));
}

async function deleteUnused(options: DeleteImagesOptions): Promise<number> {
  const workspace = await ImageWorkspace.open(options, print);
  await beginChanges(workspace, print);
  const rows = imageRows(workspace, await usedIds(options));
  const unused = rows.filter(({ isUsed }) => !isUsed);
  for (const { name, places } of rows.filter(({ isUsed }) => isUsed))
    print(`Kept: ${name} in ${places.join(", ")}, which this directory's cluster uses.`);
  if (unused.length === 0) {
    await deleteUploads(workspace, print);
    print(
      rows.length === 0
        ? "No image was created from here. Nothing was deleted."
        : "Nothing was deleted.",
    );
    return exitStatus.done;
  }
  const needed = neededImage(workspace.spec);
  const snapshots = hasSnapshots(workspace, unused) ? ", with their snapshots" : "";
  print(
    `${workspace.title}: to be deleted${snapshots}:\n\n` +
      unused.map((row) => rowText(row, needed)).join("\n") +
      "\n\nA cluster of another directory that uses one of them could not create nodes any more.\n",
  );
  if (!(await confirm("Delete them?", [], { yes: options.yes, allow: [], isStaged: false }))) {
    print("Nothing was changed.");
    return exitStatus.failed;
  }
  await remove(workspace, rows, unused);
  print("\nDeleted.");
  return exitStatus.done;
}

function rowText(row: ImageRow, needed: NeededImage | undefined): string {
  const named = isNeeded(row, needed) ? "  needed by tofu.tfvars" : "";
  return `  ${row.name}  ${row.places.join(", ")}${named}`;
}

function hasSnapshots({ cloud }: ImageWorkspace, rows: readonly ImageRow[]): boolean {
  return rows.some(({ record }) => cloud.images.parts(record).some(isSnapshot));
}

function isSnapshot({ kind }: ImagePart): boolean {
  return kind === "snapshot";
}

async function remove(
  workspace: ImageWorkspace,
  all: readonly ImageRow[],
  unused: readonly ImageRow[],
): Promise<void> {
  await refreshImages(workspace);
  const records = unused.map(({ record }) => record);
  const parts = records.flatMap(workspace.cloud.images.parts);
  // What an interrupted `image create` left of them is deleted, too.
  const lost = new Map<string, string>();
  const isWhole = parts.every(({ address, kind }) => kind === "upload" || workspace.has(address));
  if (!isWhole) {
    const owner = await accountOf(workspace);
    for (const record of records) {
      for (const [address, id] of (await findLost(workspace, record, owner, print)).ids)
        lost.set(address, id);
    }
  }
  if (lost.size > 0) {
    await workspace.synthesize(
      all.map(({ record }) => ({ image: record, isProtected: false, upload: {} })),
      lost,
    );
    const args = [...lost.keys()].map((address) => `-target=${address}`);
    await applyImages(workspace, { parts, mayDestroy: () => false, args, say: print });
  }
  const kept = all.filter(({ isUsed }) => isUsed);
  await workspace.synthesize(kept.map(({ record }) => ({ image: record, isProtected: true })));
  const deleted = new Set(parts.map(({ address }) => address));
  await applyImages(workspace, {
    parts,
    mayDestroy: (address) => deleted.has(address) || address.startsWith("terraform_data."),
    say: print,
  });
  await deleteUploads(workspace, print);
}
