import type { Value, Values } from "../protocol/model";
import { isUnknown } from "../protocol/model";

/** The object that the schema guarantees here. */
export function objectOf(value: Value | undefined): Values {
  if (isObject(value)) return value;
  throw new TypeError(`expected an object, found ${JSON.stringify(value)}`);
}

/** The string that the schema guarantees here. */
export function stringOf(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError(`expected a text, found ${JSON.stringify(value)}`);
}

/** Null when unset or unknown. */
export function stringOrNull(value: Value | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** The known strings of a list; empty when it is unset. */
export function stringsOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function isObject(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);
}

export function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString();
}
