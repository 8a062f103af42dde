import { Machinery, machineryMinors } from "../support/machinery";

/** What the library of one minor knows; forms as in tools/machinery/keys.go. */
export interface LibraryKeys {
  readonly kinds: Readonly<Record<string, string>>;
  readonly structures: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** @returns them without the keys of every document, and without structures that have no others */
export async function libraryKeys(machinery: Machinery): Promise<LibraryKeys> {
  const { kinds, structures } = JSON.parse(await machinery.keys(), (name, value: unknown) =>
    ["apiVersion", "kind"].includes(name) ? undefined : value,
  ) as LibraryKeys;
  const filled = Object.entries(structures).filter(([, keys]) => Object.keys(keys).length > 0);
  return { kinds, structures: Object.fromEntries(filled) };
}

/**
 * The source of src/config/patches/known-keys.ts, from Talos's own library of each minor: what is
 * equal in several minors is there once.
 */
export async function keysSource(): Promise<string> {
  const [oldest, newest] = [Math.min(...machineryMinors), Math.max(...machineryMinors)];
  const found = new Map<string, Map<string, number[]>>();
  const note = (structure: string, key: string, form: string, minor: number) => {
    const keys = found.get(structure) ?? new Map<string, number[]>();
    found.set(structure, keys);
    const entry = form === "s" ? key : `${key}:${form}`;
    keys.set(entry, [...(keys.get(entry) ?? []), minor]);
  };
  for (const minor of machineryMinors) {
    const { kinds, structures } = await libraryKeys(await Machinery.of(minor));
    for (const [kind, structure] of Object.entries(kinds)) note("=", kind, structure, minor);
    for (const [structure, keys] of Object.entries(structures)) {
      for (const [key, form] of Object.entries(keys)) note(structure, key, form, minor);
    }
  }
  const span = (minors: readonly number[]) => {
    const [first, last] = [Math.min(...minors), Math.max(...minors)];
    if (last - first + 1 !== minors.length) throw new Error("a key that came, went and came again");
    return (first === oldest ? "" : `@${first}`) + (last === newest ? "" : `-${last}`);
  };
  const lines = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([structure, keys]) =>
      [structure, ...[...keys].map(([entry, minors]) => entry + span(minors)).sort()].join(" "),
    );
  return [
    "// Generated from Talos's own library by `npm run talos-keys`.\n",
    "/** The oldest and the newest Talos minor in `knownKeys`. */",
    `export const knownMinors = { oldest: ${oldest}, newest: ${newest} } as const;\n`,
    "/**",
    " * The keys of every structure in machine configurations, a line each: its name, then `key:form`, with",
    " * the forms of tools/machinery/keys.go, a string's left out; `@10` is the first minor that has the",
    " * key, `-12` the last. The line of `=` leads from kinds to structures.",
    " */",
    "export const knownKeys = `\\",
    ...lines,
    "`;",
    "",
  ].join("\n");
}
