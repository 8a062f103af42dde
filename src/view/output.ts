import { randomBytes } from "node:crypto";
import { withoutSecrets, withoutSecretsIn } from "./secrets";

/** Replaces ESC and "\r" in what this program itself sends to a terminal; unknown to anything else. */
const mark = `\u{e000}${randomBytes(8).toString("hex")}`;

/** Sequences that move a terminal's cursor, to be written by `write`. */
export const terminal = {
  lineStart: `${mark}r`,
  clearToEnd: `${mark}[K`,
  clearLine: `${mark}[2K`,
  up: (lines: number) => `${mark}[${lines}A`,
};

/** A function that colors text, with escape sequences that `write` lets pass. */
export function passing(paint: (text: string) => string): (text: string) => string {
  return (text) => paint(harmless(text)).replaceAll("\u001b[", `${mark}[`);
}

/**
 * What a terminal, a browser or an editor would interpret instead of showing: control characters
 * other than tab and newline, bidirectional controls (https://trojansource.codes), line separators.
 */
const obeyed =
  // eslint-disable-next-line no-control-regex -- it is about them
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The same string with those characters in JSON's notation: "\u001b". */
export function harmless(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(obeyed, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** The output as written: harmless, without secrets, with this program's own colors. */
export function shown(text: string): string {
  return harmless(withoutSecrets(text))
    .replaceAll(`${mark}[`, "\u001b[")
    .replaceAll(`${mark}r`, "\r");
}

/** All output passes here, wherever its parts come from. */
export function write(out: NodeJS.WritableStream, text: string): void {
  out.write(shown(text));
}

/**
 * Continues when the reader of the output has closed it (`openaether status | head`): a running
 * apply must not end because of it, and a crash is no answer.
 */
export function ignoreClosedPipes(): void {
  for (const out of [process.stdout, process.stderr]) {
    out.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** A string and a newline, on the standard output. */
export function print(text: string): void {
  write(process.stdout, `${text}\n`);
}

/** The same on the standard error. */
export function printError(text: string): void {
  write(process.stderr, `${text}\n`);
}

/** As JSON: the same value can be parsed, without secrets. @param indent Spaces. @default - one line */
export function printJson(
  value: unknown,
  indent?: number,
  out: NodeJS.WritableStream = process.stdout,
): void {
  const text = JSON.stringify(withoutSecretsIn(value), undefined, indent);
  // In JSON, each of them is inside a string.
  out.write(`${text.replaceAll(obeyed, escaped)}\n`);
}
