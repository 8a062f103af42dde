/**
 * Sorts names of nodes as talosconfig lists them: control planes first, then the pool "worker", then
 * the others by name; each by its number. Without a collator: loading one takes an eighth of the
 * time of a whole `status`.
 */
export function inOrder(names: Iterable<string>): string[] {
  const first = ["control-plane", "worker"];
  const key = (name: string) => {
    const end = name.lastIndexOf("-");
    const group = name.slice(0, end);
    const rank = first.includes(group) ? first.indexOf(group) : first.length;
    return { group, rank, index: Number(name.slice(end + 1)) };
  };
  return [...names].sort((left, right) => {
    const [a, b] = [key(left), key(right)];
    if (a.rank !== b.rank) return a.rank - b.rank;
    if (a.group === b.group) return a.index - b.index;
    return a.group < b.group ? -1 : 1;
  });
}

/** Whether a node of this name is a control plane. */
export function isControlPlane(name: string): boolean {
  return name.startsWith("control-plane-");
}
