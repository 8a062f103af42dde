export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** A number or "2379-2380"; Talos refuses a single port as a string ("6443"). */
export function parsePortRange(value: unknown): PortRange | undefined {
  if (typeof value === "number") return { from: value, to: value };
  const match = typeof value === "string" ? /^(\d+)-(\d+)$/.exec(value) : null;
  return match ? { from: Number(match[1]), to: Number(match[2]) } : undefined;
}
