import type { ImageRecord } from "../../../constructs/model/image";
import type { ImagePart } from "../../../constructs/model/image-facts";
import { findLost } from "./recover";
import { imagesIn } from "./survey";
import type { ImageWorkspace } from "./workspace";

/** What is done with the images that were begun. */
export interface Resumption {
  /** Those that stay: what is missing of them is created. */
  readonly kept: readonly ImageRecord[];
  /** Those that are deleted, as they were begun: nothing continues them. */
  readonly abandoned: readonly ImageRecord[];
  /** What exists in the cloud and not in the state: import ids by address. */
  readonly found: ReadonlyMap<string, string>;
}

/**
 * Finds what interrupted runs created, and decides what is continued.
 * @param name The image that is needed: of others, only what is complete is kept
 * @throws UserError with the provider's message
 */
export async function resume(
  workspace: ImageWorkspace,
  name: string,
  owner: string,
  say: (text: string) => void,
): Promise<Resumption> {
  const kept: ImageRecord[] = [];
  const abandoned: ImageRecord[] = [];
  const found = new Map<string, string>();
  for (const record of workspace.records) {
    if (isSettled(workspace, record)) {
      kept.push(record);
      continue;
    }
    const { ids, failed } = await findLost(workspace, record, owner, say);
    for (const [address, id] of ids) found.set(address, id);
    const isContinued =
      record.name === name && failed.length === 0 && canGoOn(workspace, record, ids);
    if (isContinued) {
      kept.push(record);
      continue;
    }
    const places = record.places.filter((place) => isCompleteIn(workspace, record, place));
    if (places.length > 0) kept.push({ ...record, places });
    abandoned.push(record);
  }
  return { kept, abandoned, found };
}

/** Whether everything of an image exists, and nothing of its upload. */
export function isSettled(workspace: ImageWorkspace, record: ImageRecord): boolean {
  return workspace.cloud.images
    .parts(record)
    .every(({ address, kind }) =>
      kind === "upload" ? workspace.idOf(address) === undefined : workspace.has(address),
    );
}

/** Whether something is missing that the file is imported into. */
export function lacksImport(
  workspace: ImageWorkspace,
  record: ImageRecord,
  found: ReadonlyMap<string, string>,
): boolean {
  return importedParts(workspace, record).some(
    ({ address }) => !workspace.has(address) && !found.has(address),
  );
}

/** The snapshots, or where there are none the images themselves. */
function importedParts({ cloud }: ImageWorkspace, record: ImageRecord): readonly ImagePart[] {
  return cloud.images
    .parts(record)
    .filter(({ kind, snapshot }) => kind !== "upload" && snapshot === undefined);
}

/** An image that has an id of ours cannot be created with it again, and of nothing there is nothing to continue. */
function canGoOn(
  workspace: ImageWorkspace,
  record: ImageRecord,
  ids: ReadonlyMap<string, string>,
): boolean {
  const parts = importedParts(workspace, record);
  const exists = ({ address }: ImagePart) =>
    workspace.idOf(address) !== undefined || ids.has(address);
  const isFailedImage = ({ address, kind }: ImagePart) =>
    kind === "image" && workspace.idOf(address) !== undefined && !workspace.has(address);
  return parts.some(exists) && !parts.some(isFailedImage);
}

function isCompleteIn(workspace: ImageWorkspace, record: ImageRecord, place: string): boolean {
  const images = imagesIn(workspace, record, place);
  return images.length > 0 && images.every(({ address }) => workspace.has(address));
}
