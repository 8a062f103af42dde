import type { Change } from "./changes";

/** The resource that records in the state which image nodes are created from (constructs/model/node-images.ts). */
export const nodeImagesAddress = "terraform_data.node_images";

/** Ids of images by the zone or region that each belongs to, from the recording resource's values. */
export function imagesIn({ input }: Change["after"]): Readonly<Record<string, string>> {
  return typeof input === "object" && input !== null ? (input as Record<string, string>) : {};
}

/** "fr-par-1: <id>, …" where a plan records them for the first time or changes them; otherwise undefined. */
export function imagesText(changes: readonly Change[]): string | undefined {
  const recorded = changes.find(({ address }) => address === nodeImagesAddress);
  const images = Object.entries(recorded === undefined ? {} : imagesIn(recorded.after));
  if (images.length === 0) return undefined;
  // An id of Scaleway's begins with its zone.
  return images.map(([place, id]) => (id.startsWith(place) ? id : `${place}: ${id}`)).join(", ");
}
