/** The tunnel that an apply has opened. */
export interface OpenedTunnel {
  /** "ubuntu@198.51.100.7 → 172.16.4.4:50000" */
  readonly way: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** @returns undefined unless the line of tofu's output reports it */
export function openedBy(line: string): OpenedTunnel | undefined {
  const [, login, target] = /ssh (\S+@\S+) leads \S+ to (\S+?)\.(?:\\n|"|$)/.exec(line) ?? [];
  if (login === undefined || target === undefined) return undefined;
  return { way: `through ssh ${login} → ${target}`, since: Date.now() };
}
