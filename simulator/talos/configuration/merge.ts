import {
  ConfigurationError,
  documentId,
  type Json,
  kindOf,
  type Mapping,
  isMapping,
} from "./documents";
import { type Key, keysOf } from "./keys";

/** By which keys the elements of some lists are identified; all other lists are appended. */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  Device: ["interface", "deviceSelector"],
  Vlan: ["vlanId"],
  AdmissionPlugin: ["name"],
};

/**
 * Talos's strategic merge: documents by kind and name, maps key by key, lists appended except for
 * those that Talos replaces; `$patch: delete` removes a key or a whole document.
 *
 * @returns New documents; the arguments are not modified.
 */
export function mergeDocuments(base: readonly Mapping[], patch: readonly Mapping[]): Mapping[] {
  const merged = structuredClone([...base]);
  for (const change of patch) {
    const index = merged.findIndex((document) => isSame(document, change));
    const existing = merged[index];
    if (change.$patch === "delete") {
      if (!existing)
        throw new ConfigurationError(`patch delete: ${documentId(change)}: lookup failed`);
      merged.splice(index, 1);
    } else if (existing) {
      mergeMapping(existing, change, keysOf(kindOf(change)));
    } else {
      merged.push(withoutDeletions(change));
    }
  }
  return merged;
}

function isSame(document: Mapping, change: Mapping): boolean {
  return kindOf(document) === kindOf(change) && document.name === change.name;
}

function mergeMapping(base: Mapping, patch: Mapping, keys: readonly Key[]): void {
  for (const [name, value] of Object.entries(patch)) {
    const key = keys.find((candidate) => candidate.name === name);
    if (isDeletion(value)) Reflect.deleteProperty(base, name);
    else base[name] = mergeValue(base[name], value, key);
  }
}

function mergeValue(base: Json | undefined, patch: Json, key: Key | undefined): Json {
  if (patch === null) return base ?? null;
  if (base === undefined || base === null) return structuredClone(withoutDeletionsIn(patch));
  // Go's zero values mean "not set", except for booleans.
  if (patch === "" || patch === 0) return base;
  if (key?.replaced) return structuredClone(patch);
  if (Array.isArray(base) && Array.isArray(patch)) return mergeLists(base, patch, key?.of);
  if (isMapping(base) && isMapping(patch)) {
    if (key?.name === "extraArgs") return { ...base, ...patch };
    const keys = key?.shape === "structure" && key.of ? keysOf(key.of) : itemKeys(patch, key);
    mergeMapping(base, patch, keys);
    return base;
  }
  return structuredClone(patch);
}

/** In a map of structures every key leads to the same structure. */
function itemKeys(patch: Mapping, key: Key | undefined): Key[] {
  if (key?.of === undefined) return [];
  const { of } = key;
  return Object.keys(patch).map((name) => ({ name, shape: "structure", of, replaced: false }));
}

function mergeLists(base: Json[], patch: Json[], structure: string | undefined): Json[] {
  const identity = structure === undefined ? undefined : IDENTITY[structure];
  const merged = [...base];
  for (const item of patch) {
    const index = merged.findIndex((candidate) => hasSameIdentity(candidate, item, identity));
    const existing = merged[index];
    if (isDeletion(item)) {
      if (existing) merged.splice(index, 1);
    } else if (isMapping(existing) && isMapping(item) && structure !== undefined) {
      mergeMapping(existing, item, keysOf(structure));
    } else {
      merged.push(structuredClone(item));
    }
  }
  return merged;
}

function hasSameIdentity(a: Json, b: Json, identity: readonly string[] | undefined): boolean {
  if (identity === undefined || !isMapping(a) || !isMapping(b)) return false;
  const key = identity.find((name) => (b[name] ?? null) !== null);
  return key !== undefined && JSON.stringify(a[key]) === JSON.stringify(b[key]);
}

function isDeletion(value: Json): boolean {
  return isMapping(value) && value.$patch === "delete";
}

function withoutDeletions(mapping: Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(mapping)
      .filter(([, value]) => !isDeletion(value))
      .map(([name, value]) => [name, withoutDeletionsIn(value)]),
  );
}

function withoutDeletionsIn(value: Json): Json {
  return isMapping(value) ? withoutDeletions(value) : value;
}
