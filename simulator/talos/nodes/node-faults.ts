/** What can go wrong inside a machine, on demand. */
export type NodeFaultKind =
  /** The next boot into a new version fails, and the machine boots the old one: no call reports it. */
  | "revert"
  /** The installer ends with exit code 1 and changes nothing. */
  | "installer-fails"
  /** The next boot opens Talos's API but never finishes. */
  | "hang"
  /** The machine does not come back from its next boot; powering it off and on helps. */
  | "no-return"
  /** The next configuration is refused. */
  | "refuse-configuration"
  /** A snapshot of etcd ends in the middle. */
  | "cut-snapshot";

export interface NodeFault {
  readonly kind: NodeFaultKind;
  /** The machine's name. @default - any machine */
  readonly machine?: string;
  /** At which occasion it occurs, counted from 1 among those that match. @default 1 */
  readonly at?: number;
  /** What a refusal says. @default - a message that names the simulation */
  readonly message?: string;
}

/** Counts the occasions of each fault; each occurs once. */
export class NodeFaults {
  private faults: { fault: NodeFault; matches: number }[] = [];

  /** Replaces all faults and counts from 1 again. */
  set(faults: readonly NodeFault[]): void {
    this.faults = faults.map((fault) => ({ fault, matches: 0 }));
  }

  /** The fault that occurs now, if one does. Every call is an occasion. */
  take(kind: NodeFaultKind, machine: string): NodeFault | undefined {
    const matching = this.faults.filter(
      ({ fault }) => fault.kind === kind && (fault.machine ?? machine) === machine,
    );
    for (const entry of matching) entry.matches += 1;
    return matching.find(({ fault, matches }) => matches === (fault.at ?? 1))?.fault;
  }
}
