import type { Message } from "../../api/definition";

/** An object in the form of google.protobuf.Struct. */
export function structOf(value: object): Message {
  const fields = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .map(([name, entry]) => [name, valueOf(entry)] as const);
  return { fields: Object.fromEntries(fields) };
}

function valueOf(value: unknown): Message {
  if (value === null || value === undefined) return { nullValue: "NULL_VALUE" };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(valueOf) } };
  return { structValue: structOf(value) };
}
