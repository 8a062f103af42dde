/** Load balancers as their clients see them. Octavia's amphorae run HAProxy, whose ways those are. */
import type { BackendCheck, Balancer, BalancerListener } from "../../balancers";
import type { Account } from "./account";
import type { Listener, LoadBalancer, Monitor } from "./objects";

export function balancersOf(account: Account): Balancer[] {
  return account.loadBalancers.all().map((balancer) => ({
    id: balancer.id,
    name: balancer.name,
    publicAddress: account.floatingIps.all().find(({ port }) => port === balancer.vipPort)?.address,
    privateAddress: sourceOf(account, balancer),
    listeners: account.listeners
      .all()
      .filter(({ loadBalancer }) => loadBalancer === balancer.id)
      .map((listener) => listenerOf(account, listener)),
  }));
}

/** The base address of the first amphora. */
function sourceOf(account: Account, { amphorae, vipAddress }: LoadBalancer): string {
  const [port] = amphorae.flatMap((id) => account.ports.get(id) ?? []);
  return port?.fixedIps[0]?.address ?? vipAddress;
}

/** Its allowed_cidrs are rules of a security group: another client gets no answer. */
function listenerOf(account: Account, listener: Listener): BalancerListener {
  const { id, name, port, allowedCidrs } = listener;
  const pool = account.pools
    .all()
    .find((one) => one.listener === id || one.id === listener.defaultPool);
  const members = account.members.all().filter((member) => member.pool === pool?.id);
  const monitor = account.monitors.all().find((one) => one.pool === pool?.id);
  const by = `${name} allowed_cidrs`;
  return {
    id,
    port,
    admits:
      allowedCidrs.length === 0
        ? []
        : [{ by, rules: [{ by, action: "allow", peers: allowedCidrs }], defaultAction: "deny" }],
    refusal: "drop",
    backends: members.map((member) => ({ address: member.address, port: member.port })),
    check: monitor === undefined ? undefined : checkOf(monitor),
    closesDead: false,
  };
}

function checkOf(monitor: Monitor): BackendCheck {
  const { type, urlPath, expectedCodes, delay, timeout, maxRetries, maxRetriesDown } = monitor;
  return {
    kind: type === "HTTP" ? "http" : type === "HTTPS" ? "https" : "tcp",
    path: urlPath,
    codes: expectedCodes,
    interval: delay * 1000,
    timeout: timeout * 1000,
    rise: maxRetries,
    fall: maxRetriesDown,
    startsUp: true,
  };
}
