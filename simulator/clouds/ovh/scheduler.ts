/** Where Nova puts a server: a hypervisor of its zone that has capacity and that its group allows. */
import type { Account } from "./account";
import type { Flavor } from "./catalogue";
import type { Server } from "./objects";

export interface Placement {
  readonly zone: string;
  readonly host: string;
}

/**
 * @param zone Empty: any.
 * @returns Undefined when no host is valid, which leaves the server in ERROR.
 */
export function place(
  account: Account,
  region: string,
  { zone, flavor, group }: { zone: string; flavor: Flavor; group: string },
): Placement | undefined {
  const zones = zone === "" ? (account.limits.regions[region] ?? []) : [zone];
  if (account.limits.outOfStock.includes(flavor.name)) return undefined;
  const policy = account.serverGroups.get(group);
  for (const candidate of byLoad(account, zones)) {
    const there = serversIn(account, candidate);
    if (there.length >= (account.limits.zoneCapacity[candidate] ?? Infinity)) continue;
    const hosts = Array.from(
      { length: account.limits.hostsPerZone },
      (_, index) => `host-${index + 1}.${candidate}`,
    );
    const load = (host: string) => there.filter((server) => server.host === host).length;
    const mates = (host: string) =>
      there.filter((server) => server.host === host && server.group === group).length;
    hosts.sort((a, b) => load(a) - load(b));
    if (policy === undefined) return { zone: candidate, host: hosts[0] ?? "" };
    const sorted = [...hosts].sort((a, b) => mates(a) - mates(b));
    const [best] = policy.policy.endsWith("anti-affinity") ? sorted : sorted.reverse();
    const limit = policy.policy === "anti-affinity" ? policy.maxServersPerHost || 1 : Infinity;
    if (best !== undefined && mates(best) < limit) return { zone: candidate, host: best };
  }
  return undefined;
}

function serversIn(account: Account, zone: string): Server[] {
  return account.servers.all().filter((server) => server.zone === zone && server.host !== "");
}

function byLoad(account: Account, zones: readonly string[]): string[] {
  return [...zones].sort((a, b) => serversIn(account, a).length - serversIn(account, b).length);
}
