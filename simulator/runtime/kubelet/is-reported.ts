import type { NodeObject } from "./objects";

/** Whether the Node says all of this already; heartbeats are the lease's matter. */
export function isReported(status: object, { status: reported }: NodeObject): boolean {
  return Object.entries(status).every(([name, value]) => {
    const present = (reported as Record<string, unknown> | undefined)?.[name];
    return isContained(value, present);
  });
}

function isContained(value: unknown, present: unknown): boolean {
  if (Array.isArray(value)) {
    const list = Array.isArray(present) ? (present as unknown[]) : [];
    return value.every((item) => list.some((other) => isContained(item, other)));
  }
  if (typeof value !== "object" || value === null) return value === present;
  const there = (present ?? {}) as Record<string, unknown>;
  return Object.entries(value).every(
    ([name, inner]) => name === "lastHeartbeatTime" || isContained(inner, there[name]),
  );
}
