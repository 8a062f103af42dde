import { Decoder, Encoder, ExtensionCodec } from "@msgpack/msgpack";
import { isUnknown, UNKNOWN, type SchemaType, type Value } from "./model";
import { isValues } from "./values";

/** msgpack extension types of unknown values: plain, and with what is known about them. */
const UNKNOWN_EXTENSION = 0;
const REFINED_UNKNOWN_EXTENSION = 12;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: UNKNOWN_EXTENSION,
  encode: (value) => (value === UNKNOWN ? new Uint8Array(1) : null),
  decode: () => UNKNOWN,
});
extensionCodec.register({
  type: REFINED_UNKNOWN_EXTENSION,
  encode: () => null,
  decode: () => UNKNOWN,
});

const encoder = new Encoder({ extensionCodec });
// 64-bit integers keep their precision only as bigint.
const decoder = new Decoder({ extensionCodec, useBigInt64: true });

/** A value that does not match its schema type: a bug of the model that returned it. */
export class WireError extends Error {}

/**
 * Encodes a value of a type. Numbers that a float64 may not hold exactly are sent as strings, as
 * tofu does itself.
 * @throws WireError with the path, when the value is not of that type.
 */
export function encode(type: SchemaType, value: Value): Uint8Array {
  return encoder.encode(toWire(type, value, ""));
}

/**
 * Decodes a value that tofu sent. A dynamic value is `{ type, value }`; a number keeps the form it
 * came in (number, bigint, or string).
 */
export function decode(type: SchemaType, bytes: Uint8Array): Value {
  return fromWire(type, decoder.decode(bytes));
}

function toWire(type: SchemaType, value: Value | undefined, at: string): unknown {
  if (value === undefined) throw new WireError(`no value for ${at}`);
  if (value === null) return null;
  if (isUnknown(value)) return UNKNOWN;
  const mismatch = (expected: string) =>
    new WireError(`${at || "the value"} is ${describe(value)} where ${expected} is required`);
  if (typeof type === "string") {
    switch (type) {
      case "string":
        if (typeof value !== "string") throw mismatch("a string");
        return value;
      case "bool":
        if (typeof value !== "boolean") throw mismatch("a bool");
        return value;
      case "number":
        if (typeof value === "number" && Number.isSafeInteger(value)) return value;
        if (!isNumeric(value)) throw mismatch("a number");
        return value.toString();
      case "dynamic": {
        if (!isValues(value)) throw mismatch("a dynamic value");
        const inner = value.type as SchemaType;
        return [Buffer.from(JSON.stringify(inner)), toWire(inner, value.value, at)];
      }
      default:
        throw new WireError(`${at} has the unknown type ${type}`);
    }
  }
  switch (type[0]) {
    case "list":
    case "set":
      if (!Array.isArray(value)) throw mismatch(`a ${type[0]}`);
      return value.map((element, index) => toWire(type[1], element, `${at}[${index}]`));
    case "tuple":
      if (!Array.isArray(value)) throw mismatch("a tuple");
      return type[1].map((element, index) => toWire(element, value[index], `${at}[${index}]`));
    case "map":
      if (!isValues(value)) throw mismatch("a map");
      return mapEntries(value, (key, element) => toWire(type[1], element, `${at}["${key}"]`));
    case "object": {
      if (!isValues(value)) throw mismatch("an object");
      const prefix = at === "" ? "" : `${at}.`;
      const surplus = Object.keys(value).find((name) => !Object.hasOwn(type[1], name));
      if (surplus !== undefined) throw new WireError(`the schema has no ${prefix}${surplus}`);
      return mapEntries(type[1], (name, member) => toWire(member, value[name], prefix + name));
    }
  }
}

function fromWire(type: SchemaType, raw: unknown): Value {
  if (raw === null || raw === undefined) return null;
  if (raw === UNKNOWN) return UNKNOWN;
  if (type === "dynamic") {
    const [name, value] = raw as [Uint8Array, unknown];
    const inner = JSON.parse(Buffer.from(name).toString()) as Value;
    return { type: inner, value: fromWire(inner as SchemaType, value) };
  }
  if (typeof type === "string") return raw as Value;
  switch (type[0]) {
    case "list":
    case "set":
      return (raw as unknown[]).map((element) => fromWire(type[1], element));
    case "tuple":
      return type[1].map((element, index) => fromWire(element, (raw as unknown[])[index]));
    case "map":
      return mapEntries(raw, (_, element) => fromWire(type[1], element));
    case "object":
      return mapEntries(type[1], (name, member) =>
        fromWire(member, (raw as Record<string, unknown>)[name]),
      );
  }
}

function mapEntries<T, R>(
  object: Record<string, T> | object,
  map: (name: string, value: T) => R,
): Record<string, R> {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, map(name, value as T)]),
  );
}

function isNumeric(value: Value): value is number | bigint | string {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "string") return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
  return typeof value === "bigint";
}

function describe(value: Value): string {
  if (Array.isArray(value)) return "a list";
  if (isValues(value)) return "an object";
  // No value in the message: it may be a secret.
  return `a ${typeof value}`;
}
