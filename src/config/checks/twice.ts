/** Whether a string has been in the list before. */
export function twice(items: readonly string[], index: number): boolean {
  return items.indexOf(items[index] ?? "") < index;
}
