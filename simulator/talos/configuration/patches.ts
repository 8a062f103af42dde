import { readFileSync } from "node:fs";

import { parse } from "yaml";

import { ConfigurationError, loadDocuments, type Mapping, printDocuments } from "./documents";
import { mergeDocuments } from "./merge";

/** A loaded patch: documents to merge, or a list of JSON 6902 operations. */
export type Patch = { readonly documents: Mapping[] } | { readonly operations: unknown[] };

/**
 * Reads patches as the provider does: each is the patch itself, or the name of a file if it begins
 * with @ or has neither space nor newline nor a bracket in front.
 *
 * @throws ConfigurationError with the provider's message.
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

/** A JSON or YAML list is a list of JSON 6902 operations. */
function listIn(text: string): unknown[] | undefined {
  try {
    const value: unknown = parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Applies patches in order and prints the result.
 *
 * @throws ConfigurationError for a configuration that cannot be parsed, and for JSON 6902
 * operations:
 *   refused with several documents, as in Talos; with one, the simulator does not implement them.
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
