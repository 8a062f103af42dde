import type { PlaceStatus } from "./survey";

/** One line for each place. */
export function placesText(places: readonly PlaceStatus[]): string {
  const width = Math.max(...places.map(({ place }) => place.length));
  return places
    .map(({ place, status, id, isOwn }) => {
      const whose = status === "there" && !isOwn ? "there, not created from here" : status;
      const shown = id === undefined ? whose : `${whose.padEnd(12)} ${id}`;
      return `  ${place.padEnd(width)}  ${shown}`;
    })
    .join("\n");
}
