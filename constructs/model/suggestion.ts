import { distance } from "fastest-levenshtein";

/** Beyond this Levenshtein distance a suggestion is more often wrong than right. */
const mostEdits = 3;

/** " Did you mean X?" when one of the candidates is near, otherwise "". */
export function nearest(text: string, candidates: readonly string[]): string {
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      edits: distance(text.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  if (best === undefined || best.edits > Math.min(mostEdits, text.length / 2)) return "";
  return ` Did you mean ${best.candidate}?`;
}
