import type { ResourceValues } from "../../../constructs/model/resource-values";
import type { ShownPlan } from "../../tofu/show-json";

/** A resource's planned values, as far as they are known before an apply. */
export interface Planned {
  /** Attributes that are wholly known, and not null. */
  readonly known: ResourceValues;
  /** Attributes that are partly known: what is unknown is left out, at every depth. */
  readonly partly: ResourceValues;
}

/** By address. */
export function plannedValues(plan: ShownPlan): Map<string, Planned> {
  return new Map(
    (plan.resource_changes ?? []).map(({ address, change }) => [
      address,
      planned(change.after ?? {}, change.after_unknown ?? {}),
    ]),
  );
}

function planned(after: ResourceValues, unknown: ResourceValues): Planned {
  const given = Object.entries(after).filter(([, value]) => value !== null);
  const isPartial = ([name]: [string, unknown]) => hasUnknown(unknown[name]);
  return {
    known: Object.fromEntries(given.filter((entry) => !isPartial(entry))),
    partly: Object.fromEntries(
      given.filter(isPartial).map(([name, value]) => [name, knownPart(value, unknown[name])]),
    ),
  };
}

function knownPart(value: unknown, unknown: unknown): unknown {
  if (unknown === true || value === null) return null;
  if (Array.isArray(value)) {
    const marks: unknown[] = Array.isArray(unknown) ? unknown : [];
    return value.map((part, index) => knownPart(part, marks[index]));
  }
  if (typeof value !== "object") return value;
  const marks = typeof unknown === "object" ? (unknown as ResourceValues) : {};
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, knownPart(part, marks[name])]),
  );
}

function hasUnknown(mark: unknown): boolean {
  if (typeof mark !== "object" || mark === null) return mark === true;
  return Object.values(mark).some(hasUnknown);
}
