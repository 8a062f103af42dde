import { randomBytes } from "node:crypto";
import { withoutSecrets, withoutSecretsIn } from "./secrets";

/** Stands for ESC and "\r" in what this program itself sends to a terminal; nobody else can know it. */
const mark = `\u{e000}${randomBytes(8).toString("hex")}`;

/** What moves a terminal's cursor, to be written by `write`. */
export const terminal = {
  lineStart: `${mark}r`,
  clearToEnd: `${mark}[K`,
  clearLine: `${mark}[2K`,
  up: (lines: number) => `${mark}[${lines}A`,
};

/** A function that colours text, with its escape sequences as `write` lets them pass. */
export function passing(paint: (text: string) => string): (text: string) => string {
  return (text) => paint(harmless(text)).replaceAll("\u001b[", `${mark}[`);
}

/**
 * What a terminal, a browser or an editor would obey rather than show: control characters other than
 * a tab and the end of a line, bidirectional controls (https://trojansource.codes), separators of lines
 * that not everybody takes for one.
 */
const obeyed =
  // eslint-disable-next-line no-control-regex -- it is about them
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The same text with those characters as they are written in JSON: "\u001b". */
export function harmless(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(obeyed, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** As it is written: harmless, without secrets, with this program's own colours. */
export function shown(text: string): string {
  return harmless(withoutSecrets(text))
    .replaceAll(`${mark}[`, "\u001b[")
    .replaceAll(`${mark}r`, "\r");
}

/** Every text that a user sees passes here, wherever its parts come from. */
export function write(out: NodeJS.WritableStream, text: string): void {
  out.write(shown(text));
}

/**
 * Goes on when the reader of the output has gone (`openaether status | head`): an apply that is under
 * way must not end by it, and a crash is no answer.
 */
export function ignoreClosedPipes(): void {
  for (const out of [process.stdout, process.stderr]) {
    out.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** A text and the end of its line, on the standard output. */
export function print(text: string): void {
  write(process.stdout, `${text}\n`);
}

/** The same on the standard error. */
export function printError(text: string): void {
  write(process.stderr, `${text}\n`);
}

/** For programs: the same value is read back, secrets aside. @param indent Spaces. @default - one line */
export function printJson(
  value: unknown,
  indent?: number,
  out: NodeJS.WritableStream = process.stdout,
): void {
  const text = JSON.stringify(withoutSecretsIn(value), undefined, indent);
  // In JSON, each of them stands in a string.
  out.write(`${text.replaceAll(obeyed, escaped)}\n`);
}
