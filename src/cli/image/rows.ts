import type { ImageRecord } from "../../../constructs/model/image";
import type { NeededImage } from "./needed";
import type { ImageWorkspace } from "./workspace";

/** An image that was created from here. */
export interface ImageRow {
  readonly name: string;
  readonly version: string;
  readonly places: readonly string[];
  /** In the cloud. */
  readonly ids: readonly string[];
  /** Whether this directory's cluster was created from it, or creates new nodes from it. */
  readonly isUsed: boolean;
  readonly record: ImageRecord;
}

export function imageRows(workspace: ImageWorkspace, used: ReadonlySet<string>): ImageRow[] {
  return workspace.records.map((record) => {
    const ids = workspace.cloud.images
      .parts(record)
      .filter(({ kind }) => kind === "image")
      .flatMap(({ address }) => workspace.idOf(address) ?? []);
    const { name, version, places } = record;
    return { name, version, places, ids, record, isUsed: ids.some((id) => used.has(bare(id))) };
  });
}

/** Whether nodes of tofu.tfvars are created from it: an image of its name in another zone is not needed. */
export function isNeeded(
  { name, places }: Pick<ImageRow, "name" | "places">,
  needed: Pick<NeededImage, "name" | "places"> | undefined,
): boolean {
  return name === needed?.name && places.some((place) => needed.places.includes(place));
}

/** Scaleway's ids have their zone before a slash, and not everywhere. */
export function bare(id: string): string {
  return id.split("/").at(-1) ?? id;
}
