/**
 * What the amphorae's health checks of a member see: a machine that is up, and security groups that
 * let the amphorae's own addresses in.
 */
import type { Account } from "./account";
import { letsIn, portAt } from "./firewall";
import { machineOf } from "./machines";
import type { LoadBalancer, Member, Monitor, OperatingStatus } from "./objects";

export interface MemberHealth {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly status: OperatingStatus;
  /** Why it is in ERROR; empty otherwise. */
  readonly reasons: readonly string[];
}

export function healthOf(account: Account, member: Member): MemberHealth {
  const { id, name, address } = member;
  const monitor = account.monitors.all().find(({ pool }) => pool === member.pool);
  const owner = account.loadBalancers.get(account.pools.get(member.pool)?.loadBalancer ?? "");
  if (monitor === undefined || owner === undefined)
    return { id, name, address, status: "NO_MONITOR", reasons: [] };
  const reasons = problemsOf(account, member, monitor, owner);
  return { id, name, address, status: reasons.length === 0 ? "ONLINE" : "ERROR", reasons };
}

export function membersOf(account: Account): MemberHealth[] {
  return account.members.all().map((member) => healthOf(account, member));
}

/** Refreshes the stored health of members; time and machines change it. */
export function observeMembers(account: Account): void {
  for (const member of account.members.all()) {
    const { status } = healthOf(account, member);
    if (member.operatingStatus === status) continue;
    member.operatingStatus = status;
    account.world.store.save();
  }
}

function problemsOf(
  account: Account,
  member: Member,
  monitor: Monitor,
  owner: LoadBalancer,
): string[] {
  const address = member.monitorAddress || member.address;
  const tcpPort = member.monitorPort || member.port;
  const port = portAt(account, owner.network, address);
  const server = port && account.servers.get(port.deviceId);
  if (port === undefined || server === undefined) return [`No machine has ${address}.`];
  const machine = machineOf(account, server);
  if (!machine.running) return [`${machine.name} does not run.`];
  if (machine.problems.length > 0)
    return machine.problems.map((problem) => `${machine.name}: ${problem}`);
  if (account.now() < server.bootedAt) return [`${machine.name} is booting.`];
  const kept = owner.amphorae
    .flatMap((id) => account.ports.get(id) ?? [])
    .filter((amphora) => !letsIn(account, port, tcpPort, amphora))
    .flatMap(({ fixedIps }) => fixedIps.map((ip) => ip.address));
  if (kept.length > 0)
    return [
      `No security group of ${machine.name} lets the amphorae (${kept.join(", ")}) in on tcp/${tcpPort}.`,
    ];
  return answerProblems(monitor);
}

/** Kubernetes's API server answers requests without credentials with 401. */
function answerProblems(monitor: Monitor): string[] {
  if (monitor.type === "HTTP") return ["It is asked in HTTP, and speaks TLS."];
  if (monitor.type !== "HTTPS" || /\b401\b/.test(monitor.expectedCodes)) return [];
  return [
    `It answers ${monitor.httpMethod} ${monitor.urlPath} with 401, and ${monitor.expectedCodes} is expected.`,
  ];
}
