import type { InputPath } from "../../../constructs/model/report";

const token = /"(?:[^"\\]|\\.)*"|[{}[\],]|[^\s{}[\],:"]+|\n/g;

/** A value in JSON, and the line of its name or itself, counted from 1. */
export interface JsonPlace {
  readonly path: InputPath;
  readonly line: number;
}

/** The positions of the values in valid JSON, in order; a repeated name as often as it occurs. */
export function jsonPlaces(text: string): JsonPlace[] {
  const places: JsonPlace[] = [];
  // In an array the index, in an object the name; undefined where a name comes next.
  const path: (string | number | undefined)[] = [];
  let line = 1;
  const add = () => places.push({ path: [...path] as (string | number)[], line });
  for (const [found] of text.matchAll(token)) {
    const step = path.at(-1);
    if (found === "\n") line += 1;
    else if (found === "}" || found === "]") path.pop();
    else if (found === ",") path[path.length - 1] = typeof step === "number" ? step + 1 : undefined;
    else if (path.length > 0 && step === undefined) {
      path[path.length - 1] = JSON.parse(found) as string;
      add();
    } else {
      if (typeof step === "number") add();
      if (found === "{") path.push(undefined);
      if (found === "[") path.push(0);
    }
  }
  return places;
}
