import type { ShownPlan } from "../plan/changes";

type Values = Readonly<Record<string, unknown>>;

/** What resources are planned to be, by address, as far as it is known before an apply and is something. */
export function plannedValues(plan: ShownPlan): Map<string, Values> {
  return new Map(
    (plan.resource_changes ?? []).map(({ address, change }) => [
      address,
      knownValues(change.after ?? {}, change.after_unknown ?? {}),
    ]),
  );
}

function knownValues(after: Values, unknown: Values): Values {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => value !== null && !hasUnknown(unknown[name])),
  );
}

function hasUnknown(mark: unknown): boolean {
  if (typeof mark !== "object" || mark === null) return mark === true;
  return Object.values(mark).some(hasUnknown);
}
