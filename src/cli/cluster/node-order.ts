/**
 * Sorts names of nodes as talosconfig lists them: control planes first, each role by its number.
 * Without a collator: loading one takes an eighth of the time of a whole `status`.
 */
export function inOrder(names: Iterable<string>): string[] {
  const key = (name: string) => {
    const end = name.lastIndexOf("-");
    return { role: name.slice(0, end), index: Number(name.slice(end + 1)) };
  };
  return [...names].sort((left, right) => {
    const [a, b] = [key(left), key(right)];
    if (a.role === b.role) return a.index - b.index;
    return a.role < b.role ? -1 : 1;
  });
}
