import { expect, test } from "@jest/globals";
import * as msgpack from "@msgpack/msgpack";
import fc from "fast-check";
import { isUnknown, UNKNOWN, type SchemaType, type Value } from "../../protocol/model";
import { canonical } from "../../protocol/values";
import { decode, encode, WireError } from "../../protocol/wire";

/** Schema types of every kind, three levels deep. */
const schemaType = fc.letrec<{ type: SchemaType }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<SchemaType>("string", "number", "bool", "dynamic"),
    fc.tuple(fc.constantFrom("list" as const, "set" as const, "map" as const), tie("type")),
    fc.tuple(
      fc.constant("object" as const),
      fc.dictionary(fc.string({ minLength: 1 }).filter(isPlainName), tie("type"), { maxKeys: 4 }),
    ),
    fc.tuple(fc.constant("tuple" as const), fc.array(tie("type"), { maxLength: 3 })),
  ),
})).type;

function isPlainName(name: string): boolean {
  return !(name in Object.prototype);
}

/** Values of a type as a model may return them. */
function valueOf(type: SchemaType): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(UNKNOWN) },
    { weight: 8, arbitrary: known(type) },
  );
}

function dynamicValue(type: Value): fc.Arbitrary<Value> {
  return valueOf(type as SchemaType);
}

function known(type: SchemaType): fc.Arbitrary<Value> {
  if (typeof type === "string") {
    switch (type) {
      case "string":
        return fc.string({ unit: "grapheme" });
      case "bool":
        return fc.boolean();
      case "number":
        return fc.oneof(
          fc.integer(),
          fc.maxSafeInteger(),
          fc.bigInt(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.constantFrom("0.1", "1e400", "123456789012345678901234567890"),
        );
      default:
        return fc
          .constantFrom<Value>("string", ["list", "number"], ["object", { a: "bool" }])
          .chain((inner) => fc.record({ type: fc.constant(inner), value: dynamicValue(inner) }));
    }
  }
  switch (type[0]) {
    case "list":
    case "set":
      return fc.array(valueOf(type[1]), { maxLength: 4 });
    case "map":
      return fc.dictionary(fc.string().filter(isPlainName), valueOf(type[1]), { maxKeys: 4 });
    case "object":
      return fc.record(
        Object.fromEntries(Object.entries(type[1]).map(([name, inner]) => [name, valueOf(inner)])),
      );
    case "tuple":
      return fc.tuple(...type[1].map(valueOf));
  }
}

test("a value of any schema type is decoded as it was encoded", () => {
  const typed = schemaType.chain((type) => fc.tuple(fc.constant(type), valueOf(type)));
  fc.assert(
    fc.property(typed, ([type, value]) => {
      expect(canonical(type, decode(type, encode(type, value)))).toBe(canonical(type, value));
    }),
  );
});

test("values keep their position in lists and their names in objects", () => {
  const type: SchemaType = ["object", { a: ["list", "number"], b: ["map", "bool"], c: "string" }];
  const value = { a: [3, 1, 2], b: { y: true, x: null }, c: "é" };
  expect(decode(type, encode(type, value))).toEqual(value);
});

test("a refined unknown value is decoded as unknown", () => {
  const refined = Uint8Array.of(0xc7, 3, 12, 0x81, 1, 0xc2);
  expect(isUnknown(decode("string", refined))).toBe(true);
});

test("an unknown value is encoded as tofu does", () => {
  expect([...encode("string", UNKNOWN)]).toEqual([0xd4, 0, 0]);
});

test("a fraction is encoded as a string, without loss", () => {
  expect(msgpack.decode(encode("number", 0.1))).toBe("0.1");
  expect(decode("number", msgpack.encode("0.1"))).toBe("0.1");
});

test("an integer beyond 2^53 keeps its digits", () => {
  const bytes = msgpack.encode(9007199254740993n, { useBigInt64: true });
  const value = decode("number", bytes);
  expect(value).toBe(9007199254740993n);
  expect(msgpack.decode(encode("number", value))).toBe("9007199254740993");
});

const object: SchemaType = ["object", { name: "string", size: "number", tags: ["set", "string"] }];
const refusals: [string, Value, string][] = [
  ["an attribute that is missing", { name: "a", size: 1 }, "no value for tags"],
  ["one too many", { name: "a", size: 1, tags: [], more: 1 }, "the schema has no more"],
  [
    "a number for a text",
    { name: 1, size: 1, tags: [] },
    "name is a number where a string is required",
  ],
  [
    "a text for a number",
    { name: "a", size: "big", tags: [] },
    "size is a string where a number is required",
  ],
  [
    "an object for a set",
    { name: "a", size: 1, tags: {} },
    "tags is an object where a set is required",
  ],
  [
    "a list as an element",
    { name: "a", size: 1, tags: [[]] },
    "tags[0] is a list where a string is required",
  ],
  [
    "not a number",
    { name: "a", size: NaN, tags: [] },
    "size is a number where a number is required",
  ],
];

test.each(refusals)("an answer with %s is refused by name", (_, value, message) => {
  expect(() => encode(object, value)).toThrow(new WireError(message));
});
