/** A hundred workers are not listed one by one. */
export function shortened(names: readonly string[]): string {
  const most = 7;
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;
}

/** "1 node", "2 nodes" */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
