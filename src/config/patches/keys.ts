import { knownKeys, knownMinors } from "./known-keys";

/** The form of a key's value. */
export type Form =
  | { readonly is: "text" | "boolean" | "integer" | "number" | "anything" }
  | { readonly is: "list" | "map"; readonly of: Form }
  | { readonly is: "structure"; readonly name: string };

const scalars: Readonly<Record<string, Form>> = {
  s: { is: "text" },
  b: { is: "boolean" },
  i: { is: "integer" },
  f: { is: "number" },
  x: { is: "anything" },
};

/** A key, or a kind, with its form and the Talos minors that know it. */
interface Known {
  readonly form: string;
  readonly since: number;
  readonly until: number;
}

const table: ReadonlyMap<string, ReadonlyMap<string, readonly Known[]>> = new Map(
  knownKeys
    .trim()
    .split("\n")
    .map((line) => {
      const [name = "", ...entries] = line.split(" ");
      const keys = new Map<string, Known[]>();
      for (const entry of entries) {
        const [, key = "", form = "s", since = knownMinors.oldest, until = Infinity] =
          /^([^:@]+?)(?::([^@]+?))?(?:@(\d+))?(?:-(\d+))?$/.exec(entry) ?? [];
        keys.set(key, [
          ...(keys.get(key) ?? []),
          { form, since: Number(since), until: Number(until) },
        ]);
      }
      return [name, keys] as const;
    }),
);

/** The line that leads from kinds to structures. */
const kinds = "=";
/** The kind of the document that has none: machine and cluster. */
export const mainKind = "v1alpha1";

/** What machine configurations may hold, by Talos's own library of a minor. */
export class TalosKeys {
  private readonly minor: number;

  /** @param minor One newer than the table is taken for the newest in it */
  constructor(minor: number) {
    this.minor = Math.min(Math.max(minor, knownMinors.oldest), knownMinors.newest);
  }

  /** The kinds of documents, without that of the main one. */
  get kinds(): string[] {
    return this.keys(kinds).filter((kind) => kind !== mainKind);
  }

  /** The structure of a kind, undefined where the minor does not know it. */
  structureOf(kind: string): string | undefined {
    return this.find(kinds, kind)?.form;
  }

  /** The keys of a structure. */
  keys(structure: string): string[] {
    const names = [...(table.get(structure)?.keys() ?? [])];
    return names.filter((name) => this.find(structure, name) !== undefined);
  }

  /** The form of a key's value, undefined where the minor does not know the key. */
  formOf(structure: string, key: string): Form | undefined {
    const found = this.find(structure, key);
    return found === undefined ? undefined : parse(found.form);
  }

  /** All of it, in the forms of the table, without structures that have no keys. */
  get all(): { kinds: Record<string, string>; structures: Record<string, Record<string, string>> } {
    const of = (structure: string) =>
      Object.fromEntries(
        this.keys(structure).map((key) => [key, this.find(structure, key)?.form ?? ""]),
      );
    const structures = [...table.keys()].filter(
      (name) => name !== kinds && this.keys(name).length > 0,
    );
    return {
      kinds: of(kinds),
      structures: Object.fromEntries(structures.map((name) => [name, of(name)])),
    };
  }

  private find(structure: string, key: string): Known | undefined {
    const known = table.get(structure)?.get(key);
    return known?.find(({ since, until }) => since <= this.minor && this.minor <= until);
  }
}

/**
 * The Talos minors that know a kind, or a key of a structure.
 * @returns undefined where none does
 */
export function minorsWith(
  structure: string | undefined,
  key: string,
): { readonly first: number; readonly last: number } | undefined {
  const known = table.get(structure ?? kinds)?.get(key);
  if (known === undefined) return undefined;
  return {
    first: Math.min(...known.map(({ since }) => since)),
    last: Math.max(...known.map(({ until }) => until)),
  };
}

function parse(form: string): Form {
  const scalar = scalars[form];
  if (scalar !== undefined) return scalar;
  const inner = form.slice(1, -1);
  if (form.startsWith("[")) return { is: "list", of: parse(inner) };
  if (form.startsWith("{")) return { is: "map", of: parse(inner) };
  return { is: "structure", name: form };
}
