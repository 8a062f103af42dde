import type { ImageRecord } from "../../../constructs/model/image";
import type { ImagePart } from "../../../constructs/model/image-facts";
import type { DataLookUp, LostResource } from "../../../constructs/model/recovery";
import { UserError } from "../../errors";
import { type Found, lookUp } from "../recovery/look-up";
import type { NeededImage } from "./needed";
import type { ImageWorkspace } from "./workspace";

/** The needed image in one place. */
export interface PlaceStatus {
  readonly place: string;
  /** "unfinished": a run was interrupted, or has failed. */
  readonly status: "there" | "unfinished" | "missing";
  /** In the cloud; undefined unless it is there. */
  readonly id?: string;
  /** Whether it was created from here: `image delete` deletes no other. */
  readonly isOwn: boolean;
}

/** The account whose images are looked at. @throws UserError with the provider's message */
export async function accountOf(workspace: ImageWorkspace): Promise<string> {
  const { owner } = workspace.cloud.images;
  const found = await lookUp(workspace, [{ address: "owner", by: owner, lost: askedWith({}) }]);
  const [candidate] = candidatesOf(found, "owner");
  if (candidate === undefined) throw new UserError("The cloud names no account.");
  return candidate.id;
}

/** Which places have the image, by the cloud itself. @throws UserError with the provider's message */
export async function survey(
  workspace: ImageWorkspace,
  needed: NeededImage,
  owner: string,
): Promise<PlaceStatus[]> {
  const { byName } = workspace.cloud.images;
  const { name, places } = needed;
  const found = await lookUp(
    workspace,
    places.map((place) => ({
      address: place,
      by: byName,
      lost: askedWith({ name, owner, place }),
    })),
  );
  const begun = workspace.records.filter((record) => record.name === name);
  return places.map((place): PlaceStatus => {
    const [there] = candidatesOf(found, place);
    const record = begun.find((one) => one.places.includes(place));
    const ownIds =
      record === undefined
        ? []
        : imagesIn(workspace, record, place).flatMap(({ address }) =>
            workspace.has(address) ? (workspace.idOf(address) ?? []) : [],
          );
    if (there !== undefined && (record === undefined || ownIds.length > 0))
      return { place, status: "there", id: there.id, isOwn: ownIds.includes(there.id) };
    return { place, status: record === undefined ? "missing" : "unfinished", isOwn: true };
  });
}

/** The resources of an image that are the image itself in a place. */
export function imagesIn(
  { cloud }: Pick<ImageWorkspace, "cloud">,
  record: ImageRecord,
  place: string,
): readonly ImagePart[] {
  return cloud.images.parts(record).filter((part) => part.kind === "image" && part.place === place);
}

/** What a look-up is asked with. */
export function askedWith(values: Readonly<Record<string, string | undefined>>): LostResource {
  return { attribute: (name) => values[name], value: (name) => values[name] };
}

/** @throws UserError where the cloud could not be read */
export function candidatesOf(
  found: ReadonlyMap<string, Found>,
  address: string,
): ReturnType<DataLookUp["candidates"]> {
  const one = found.get(address) ?? { message: "it could not be read" };
  if ("message" in one) throw new UserError(`The cloud could not be read: ${one.message}`);
  return one.candidates;
}
