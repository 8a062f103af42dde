import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { inputFileUnreadable } from "../../errors";

/** Larger than any file written by hand; parsing takes a second for each two megabytes. */
const mostBytes = 2 ** 20;

/**
 * The content of the input's file, without a byte-order mark.
 * @throws UserError when it cannot be read, or is not UTF-8
 */
export function readInputText(file: string): string {
  const bytes = read(file);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw inputFileUnreadable(file, "it is in UTF-16. Save it as UTF-8.");
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Not UTF-8; reported below.
  }
  throw inputFileUnreadable(file, "it is no text in UTF-8. Is it the right file?");
}

function read(file: string): Buffer {
  let descriptor: number | undefined;
  try {
    const kind = statSync(file);
    if (kind.isDirectory()) throw inputFileUnreadable(file, "it is a directory.");
    // A pipe waits for a writer, a device never ends; and tofu reads the file a second time.
    if (!kind.isFile()) throw inputFileUnreadable(file, "it is a pipe or a device, not a file.");
    descriptor = openSync(file, "r");
    const found = fstatSync(descriptor);
    if (found.size > mostBytes) {
      const megabytes = (found.size / 2 ** 20).toFixed(1);
      throw inputFileUnreadable(
        file,
        `it has ${megabytes} MiB, and a tofu.tfvars some kilobytes. Is it the right file?`,
      );
    }
    return readFileSync(descriptor);
  } catch (error) {
    throw readableError(file, error as NodeJS.ErrnoException);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readableError(file: string, error: NodeJS.ErrnoException): Error {
  if (error.code === "EACCES") {
    return inputFileUnreadable(file, "you may not read it.\n\n  ls -l " + file);
  }
  return error.code === undefined ? error : inputFileUnreadable(file, error.message);
}
