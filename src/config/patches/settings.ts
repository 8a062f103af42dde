import type { Mapping, PatchDocument, Single, Value } from "./documents";

/** A single value that a patch sets, or something that it removes. */
export interface PatchSetting {
  readonly document: PatchDocument;
  /** Steps within the document: names, and "[0]" for an item of a list. */
  readonly path: readonly string[];
  readonly line: number;
  /** Absent for what is removed, and for an empty list or mapping. */
  readonly value?: Single;
  readonly isDeletion: boolean;
}

/** Everything that a patch sets or removes, in its order. */
export function settingsOf(documents: readonly PatchDocument[]): PatchSetting[] {
  return documents.flatMap((document) => [...within(document, document.content, [])]);
}

function* within(
  document: PatchDocument,
  value: Value,
  path: readonly string[],
): Generator<PatchSetting> {
  const base = { document, path, line: value.line };
  if (value.is === "single") yield { ...base, value, isDeletion: false };
  else if (value.is === "list") yield* inList(document, value.items, base);
  else if (value.isDeletion) yield { ...base, isDeletion: true };
  else yield* inMapping(document, value, base);
}

type Base = Pick<PatchSetting, "document" | "path" | "line">;

function* inList(
  document: PatchDocument,
  items: readonly Value[],
  base: Base,
): Generator<PatchSetting> {
  if (items.length === 0) yield { ...base, isDeletion: false };
  for (const [index, item] of items.entries()) {
    yield* within(document, item, [...base.path, `[${index}]`]);
  }
}

function* inMapping(
  document: PatchDocument,
  { entries }: Mapping,
  base: Base,
): Generator<PatchSetting> {
  const isDocument = base.path.length === 0;
  const own = isDocument
    ? entries.filter(({ key }) => !["apiVersion", "kind", "name"].includes(key))
    : entries;
  if (own.length === 0) yield { ...base, isDeletion: false };
  for (const { key, line, value } of own) {
    for (const setting of within(document, value, [...base.path, key])) {
      // A value of one line is found by its key.
      yield setting.path.length === base.path.length + 1 ? { ...setting, line } : setting;
    }
  }
}
