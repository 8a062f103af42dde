import { readFileSync } from "node:fs";

import { parse } from "yaml";

import { ConfigurationError, loadDocuments, type Mapping, printDocuments } from "./documents";
import { mergeDocuments } from "./merge";

/** A loaded patch: documents to merge, or a list of JSON 6902 operations. */
export type Patch = { readonly documents: Mapping[] } | { readonly operations: unknown[] };

/**
 * Reads patches as the provider does: each a text of its own, or the name of a
 * file if it begins with @ or has neither blank nor newline nor a bracket in front.
 *
 * @throws ConfigurationError In the provider's words.
 */
export function loadPatches(texts: readonly string[]): Patch[] {
  return texts.map((text) => loadPatch(isFileName(text) ? readPatchFile(text) : text));
}

function isFileName(text: string): boolean {
  return text.startsWith("@") || (!/[\n ]/.test(text) && !/^[[{]/.test(text));
}

function readPatchFile(text: string): string {
  const name = text.replace(/^@/, "");
  try {
    return readFileSync(name, "utf8");
  } catch {
    throw new ConfigurationError(`open ${name}: no such file or directory`);
  }
}

function loadPatch(text: string): Patch {
  try {
    return { documents: loadDocuments(text, { allowDelete: true }) };
  } catch (error) {
    const operations = listIn(text);
    if (operations) return { operations };
    throw error;
  }
}

/** A JSON or YAML list stands for JSON 6902 operations. */
function listIn(text: string): unknown[] | undefined {
  try {
    const value: unknown = parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Applies patches in their order and prints the result.
 *
 * @throws ConfigurationError For a configuration that cannot be read, and for JSON 6902 operations:
 *   refused with several documents, as in Talos; with one, the simulator does not know them.
 */
export function patchConfiguration(text: string, patches: readonly Patch[]): string {
  let documents = loadDocuments(text);
  for (const patch of patches) {
    if ("operations" in patch) {
      throw new ConfigurationError(
        documents.length > 1
          ? "JSON6902 patches are not supported for multi-document machine configuration"
          : "the simulator does not know JSON6902 patches: write a strategic merge patch",
      );
    }
    documents = mergeDocuments(documents, patch.documents);
  }
  return printDocuments(documents);
}
