/** The values of answers to `openaether init`, as they were typed. */

export function listOf(answer: string): string[] {
  return answer.split(",").map((part) => part.trim());
}

/** One alone is no list. */
export function oneOrList(answer: string): string | string[] | undefined {
  const parts = listOf(answer);
  return parts.length === 1 ? parts[0] : parts;
}

/** What is not a number is kept as it is, so that the form reports it. */
export function countOf(answer: string): unknown {
  return /^\d{1,9}$/.test(answer) ? Number(answer) : answer;
}
