import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { inputFileUnreadable } from "../../errors";

/** Larger than any file written by hand; parsing takes a second for each two megabytes. */
const mostBytes = 2 ** 20;

/**
 * The content of the input's file, without a byte-order mark.
 * @throws UserError when it cannot be read, or is not UTF-8
 */
export function readInputText(file: string): string {
  const read = readText(file, mostBytes, "a tofu.tfvars some kilobytes");
  if ("problem" in read) throw inputFileUnreadable(file, read.problem);
  return read.text;
}

/** A file's content, or why there is none, as the end of a sentence: "it is a directory." */
export type ReadText = { readonly text: string; readonly bytes: Buffer } | { problem: string };

/**
 * Reads a file of UTF-8, without a byte-order mark.
 * @param mostBytes Larger ones are not read
 * @param usual What is usual, for the message about a larger one: "a patch some kilobytes"
 */
export function readText(file: string, mostBytes: number, usual: string): ReadText {
  const bytes = read(file, mostBytes, usual);
  if (typeof bytes === "string") return { problem: bytes };
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { problem: "it is in UTF-16. Save it as UTF-8." };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return { text, bytes };
  } catch {
    // Not UTF-8; reported below.
  }
  return { problem: "it is no text in UTF-8. Is it the right file?" };
}

/** @returns a string when it cannot be read: why */
function read(file: string, mostBytes: number, usual: string): Buffer | string {
  let descriptor: number | undefined;
  try {
    const kind = statSync(file);
    if (kind.isDirectory()) return "it is a directory.";
    // A pipe waits for a writer, a device never ends; and tofu reads the file a second time.
    if (!kind.isFile()) return "it is a pipe or a device, not a file.";
    descriptor = openSync(file, "r");
    const found = fstatSync(descriptor);
    if (found.size > mostBytes) {
      return `it has ${sizeText(found.size)}, and ${usual}. Is it the right file?`;
    }
    return readFileSync(descriptor);
  } catch (error) {
    return reason(file, error as NodeJS.ErrnoException);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function sizeText(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes < 0.1 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${megabytes.toFixed(1)} MiB`;
}

/** @throws what is no refusal of the system */
function reason(file: string, error: NodeJS.ErrnoException): string {
  if (error.code === "EACCES") return "you may not read it.\n\n  ls -l " + file;
  if (error.code === undefined) throw error;
  return error.message;
}
