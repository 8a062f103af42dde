/** Load balancers as their clients see them. */
import type { BackendCheck, Balancer } from "../../balancers";
import type { Filter, Rule } from "../../reachability/filter";
import type { Account } from "./account";
import { sourceOf } from "./backends";
import type { HealthCheck, LoadBalancer, SecurityRule } from "./objects";

export function balancersOf(account: Account): Balancer[] {
  return account.loadBalancers.all().map((balancer) => ({
    id: balancer.id,
    name: balancer.id,
    publicAddress: balancer.publicAddress,
    privateAddress: sourceOf(account, balancer)?.address ?? "",
    listeners: balancer.listeners.map(({ port, backendPort }) => ({
      id: `${balancer.id}:${port}`,
      port,
      admits: [filterOf(account, balancer)],
      refusal: "drop",
      backends: balancer.backends.flatMap(({ vm }) => {
        const found = account.vms.get(vm);
        return found === undefined ? [] : [{ address: found.privateIp, port: backendPort }];
      }),
      check: checkOf(balancer.healthCheck),
      closesDead: false,
    })),
  }));
}

/** What any of its groups lets in, it lets in. */
function filterOf(account: Account, { id, groups }: LoadBalancer): Filter {
  const rules = groups
    .flatMap((group) => account.securityGroups.get(group) ?? [])
    .flatMap((group) => group.inbound.map((rule) => ruleOf(account, rule, group.name)));
  return { by: `security groups of ${id}`, rules, defaultAction: "deny" };
}

function ruleOf(account: Account, { protocol, from, to, peer }: SecurityRule, by: string): Rule {
  return {
    by,
    action: "allow",
    protocol: protocol === "-1" ? undefined : protocol,
    ports: from < 0 ? undefined : [from, to],
    peers: "ipRange" in peer ? [peer.ipRange] : membersOf(account, peer.group),
  };
}

function membersOf(account: Account, group: string): string[] {
  const members = account.vms.all().filter(({ groups }) => groups.includes(group));
  return members.map(({ privateIp }) => privateIp);
}

/** A new backend is used after as many successes as any other that was dead. */
function checkOf(check: HealthCheck): BackendCheck {
  const kind = check.protocol.toLowerCase();
  return {
    kind: kind === "http" || kind === "https" ? kind : "tcp",
    port: check.port,
    path: check.path,
    codes: "200",
    interval: check.interval * 1000,
    timeout: check.timeout * 1000,
    rise: check.healthyThreshold,
    fall: check.unhealthyThreshold,
    startsUp: false,
  };
}
