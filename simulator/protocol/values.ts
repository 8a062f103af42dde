import { isUnknown, type SchemaType, type Value, type Values } from "./model";

export function isValues(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** Null, or the empty form of a list, set or map. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isValues(value) && Object.keys(value).length === 0;
}

/** A deep copy. */
export function clone(value: Value): Value {
  if (Array.isArray(value)) return value.map(clone);
  if (!isValues(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, clone(child)]));
}

/** Whether two values are equal to tofu: sets without order, numbers in any form, no unknown. */
export function equal(type: SchemaType, one: Value, other: Value): boolean {
  return canonical(type, one) === canonical(type, other);
}

/** A string that is the same for equal values only. */
export function canonical(type: SchemaType, value: Value): string {
  if (value === null) return "null";
  if (isUnknown(value)) return "unknown";
  if (type === "number" && !isValues(value) && !Array.isArray(value)) return value.toString();
  if (type === "dynamic" && isValues(value)) {
    return `${JSON.stringify(value.type)}:${canonical(value.type as SchemaType, value.value ?? null)}`;
  }
  if (typeof type === "string") return JSON.stringify(value);
  if (Array.isArray(value)) {
    const elements = value.map((element, index) => canonical(elementType(type, index), element));
    return `[${(type[0] === "set" ? elements.sort() : elements).join()}]`;
  }
  if (!isValues(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  const members = names.map((name) => {
    const member = type[0] === "object" ? (type[1][name] ?? "dynamic") : elementType(type, 0);
    return `${JSON.stringify(name)}:${canonical(member, value[name] ?? null)}`;
  });
  return `{${members.join()}}`;
}

function elementType(type: Exclude<SchemaType, string>, index: number): SchemaType {
  switch (type[0]) {
    case "tuple":
      return type[1][index] ?? "dynamic";
    case "object":
      return "dynamic";
    default:
      return type[1];
  }
}
