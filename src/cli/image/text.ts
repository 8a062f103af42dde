import type { PlaceStatus } from "./survey";

/** One line for each place. */
export function placesText(places: readonly PlaceStatus[]): string {
  const width = Math.max(...places.map(({ place }) => place.length));
  const statusWidth = Math.max(...places.map((one) => statusOf(one).length));
  return places
    .map((one) => {
      const { place, id = "" } = one;
      return `  ${place.padEnd(width)}  ${statusOf(one).padEnd(statusWidth)}  ${id}`.trimEnd();
    })
    .join("\n");
}

function statusOf({ status, isOwn }: PlaceStatus): string {
  return status === "there" && !isOwn ? "there, not created from here" : status;
}
