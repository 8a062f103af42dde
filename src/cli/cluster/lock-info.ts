/** What tofu writes about who holds a state's lock. */
export interface LockInfo {
  readonly ID?: string;
  readonly Operation?: string;
  readonly Who?: string;
  readonly Created?: string;
}

/** A lock's content. One that cannot be read says nothing. */
export function readLockInfo(text: string): LockInfo {
  try {
    return JSON.parse(text) as LockInfo;
  } catch {
    return {};
  }
}

/** "OperationTypeApply of kim@build, 12 min ago" */
export function describeLock({ Operation, Who, Created }: LockInfo, now: Date): string {
  const since = minutesBetween(new Date(Created ?? NaN), now);
  return `${Operation ?? "a run"} of ${Who ?? "an unknown user"}${since === undefined ? "" : `, ${since} min ago`}`;
}

function minutesBetween(start: Date, end: Date): number | undefined {
  const minutes = Math.floor((end.getTime() - start.getTime()) / 60_000);
  return Number.isNaN(minutes) ? undefined : Math.max(minutes, 0);
}
