/** Where a string stops being JSON. */
export interface JsonMistake {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly summary: string;
}

type Kind = "{" | "}" | "[" | "]" | "," | ":" | "text" | "other" | "end" | "wrong";
type Wanted = "value" | "value or ]" | "name" | "name or }" | "colon" | "next";

const token =
  /([{}[\],:])|("(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/uy;
const space = /[ \t\r\n]*/y;

/**
 * The first mistake in a string that `JSON.parse` refuses. Node's own messages differ between its
 * versions, mostly lack the line, and repeat parts of the input, which may be secret.
 */
export function jsonMistake(text: string): JsonMistake {
  const open: ("{" | "[")[] = [];
  let wanted: Wanted = "value";
  let isAfterComma = false;
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    token.lastIndex = at;
    const match = token.exec(text);
    const kind = kindOf(match, at >= text.length);
    const following: Wanted | undefined = step(kind, wanted, open);
    if (following === undefined || match === null) {
      return {
        ...place(text, at),
        summary: words(kind, wanted, open.at(-1), isAfterComma, text[at]),
      };
    }
    isAfterComma = kind === ",";
    wanted = following;
    at += match[0].length;
  }
}

function kindOf(match: RegExpExecArray | null, isEnd: boolean): Kind {
  if (match === null) return isEnd ? "end" : "wrong";
  const [, mark, text] = match;
  if (mark !== undefined) return mark as Kind;
  return text === undefined ? "other" : "text";
}

/** What may follow a token that is allowed here; undefined for one that is not. Tracks what is open. */
function step(kind: Kind, wanted: Wanted, open: ("{" | "[")[]): Wanted | undefined {
  const inside = open.at(-1);
  if (wanted === "colon") return kind === ":" ? "value" : undefined;
  if (wanted === "name" || wanted === "name or }") {
    if (kind === "text") return "colon";
    return kind === "}" && wanted === "name or }" ? close(open) : undefined;
  }
  if (wanted === "next") {
    if (kind === "," && inside !== undefined) return inside === "{" ? "name" : "value";
    return (kind === "}" && inside === "{") || (kind === "]" && inside === "[")
      ? close(open)
      : undefined;
  }
  if (kind === "]" && wanted === "value or ]") return close(open);
  if (kind === "text" || kind === "other") return "next";
  if (kind !== "{" && kind !== "[") return undefined;
  open.push(kind);
  return kind === "{" ? "name or }" : "value or ]";
}

function close(open: ("{" | "[")[]): Wanted {
  open.pop();
  return "next";
}

function words(
  kind: Kind,
  wanted: Wanted,
  inside: "{" | "[" | undefined,
  isAfterComma: boolean,
  letter: string | undefined,
): string {
  const closing = inside === "[" ? "]" : "}";
  if (kind === "end") {
    return inside === undefined
      ? "The file is empty."
      : `The file ends too early: no closing ${closing}.`;
  }
  if (kind === "wrong" && letter === '"') {
    return 'A string that does not end on its line, or holds a \\ that JSON does not know (write "\\\\").';
  }
  if (isAfterComma && kind === closing)
    return "Nothing follows the comma before it: remove that comma.";
  if (wanted === "colon") return "A colon belongs here, between a name and its value.";
  if (wanted === "name" || wanted === "name or }") return "A name in double quotes belongs here.";
  if (wanted !== "next")
    return "Expected a value: a string in double quotes, a number, true, false, [ or {.";
  return inside === undefined
    ? "Nothing may follow the end of the object."
    : `A comma is missing before it, or a closing ${closing}.`;
}

function place(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
