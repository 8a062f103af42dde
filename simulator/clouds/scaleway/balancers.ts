/** Load balancers as their clients see them. They are HAProxy, whose ways those are. */
import type { BackendCheck, Balancer, BalancerListener } from "../../balancers";
import type { Rule } from "../../reachability/filter";
import { parseDuration } from "../durations";
import type { Account } from "./account";
import type { Acl, Backend, Frontend, HealthCheck, LoadBalancer } from "./objects";

/** Successes in a row: HAProxy's default, which the API does not change. */
const RISE = 2;

export function balancersOf(account: Account): Balancer[] {
  return account.loadBalancers.all().map((balancer) => ({
    id: balancer.id,
    name: balancer.name,
    publicAddress: balancer.ips.flatMap((id) => account.loadBalancerIps.get(id) ?? [])[0]?.address,
    privateAddress: privateAddressOf(account, balancer),
    listeners: account.frontends
      .all()
      .filter(({ loadBalancer }) => loadBalancer === balancer.id)
      .flatMap((frontend) => {
        const backend = account.backends.get(frontend.backend);
        return backend === undefined ? [] : [listenerOf(frontend, backend)];
      }),
  }));
}

function privateAddressOf(account: Account, { attachments }: LoadBalancer): string {
  const [address] = attachments.flatMap(({ ipamIp }) => account.privateIps.get(ipamIp) ?? []);
  return address?.address ?? "";
}

/** ACLs are tried in order; where none matches, the connection is allowed. */
function listenerOf(frontend: Frontend, backend: Backend): BalancerListener {
  const acls = [...frontend.acls].sort((one, other) => one.index - other.index);
  return {
    id: frontend.id,
    port: frontend.inboundPort,
    admits: [{ by: frontend.name, rules: acls.map(ruleOf), defaultAction: "allow" }],
    refusal: "close",
    backends: backend.serverIps.map((address) => ({ address, port: backend.forwardPort })),
    check: checkOf(backend.healthCheck),
    closesDead: backend.onMarkedDownAction === "shutdown_sessions",
  };
}

function ruleOf({ name, action, ipSubnets, invert }: Acl): Rule {
  return {
    by: `acl ${name}`,
    action: action === "allow" ? "allow" : "deny",
    peers: invert ? undefined : ipSubnets,
    except: invert ? ipSubnets : undefined,
  };
}

function checkOf(check: HealthCheck): BackendCheck {
  const milliseconds = (text: string) => parseDuration(text) ?? 0;
  return {
    kind: check.kind,
    port: check.port,
    path: check.http?.uri ?? "/",
    codes: String(check.http?.code ?? 200),
    interval: milliseconds(check.delay),
    transientInterval: milliseconds(check.transientDelay) || undefined,
    timeout: milliseconds(check.timeout),
    rise: RISE,
    fall: check.maxRetries,
    startsUp: true,
  };
}
