/** The state of a load balancer: the whole, or the part that the resource of a part has. */
import type { Values } from "../../protocol/model";
import type { Account } from "./account";
import type { LoadBalancer } from "./objects";

export function stateOf(account: Account, object: LoadBalancer): string {
  if (object.phase === "stuck") return "provisioning";
  if (object.phase === "deleting") return "deleting";
  return account.isReady(object) ? "active" : "provisioning";
}

export function shownBalancer(account: Account, object: LoadBalancer): Values {
  const subnet = account.subnets.get(object.subnet);
  return {
    id: object.id,
    load_balancer_name: object.id,
    load_balancer_type: object.type,
    subnets: [object.subnet],
    net_id: subnet?.net ?? "",
    security_groups: object.groups,
    public_ip: object.publicAddress ?? "",
    secured_cookies: object.securedCookies,
    state: stateOf(account, object),
    listeners: shownListeners(object),
    ...shownCommon(account, object),
    access_log: [{ ...NO_ACCESS_LOG }],
    health_check: [shownHealthCheck(object)],
    backend_vm_ids: object.backends.map(({ vm }) => vm),
    backend_ips: [],
  };
}

export const NO_ACCESS_LOG: Values = {
  is_enabled: false,
  osu_bucket_name: "",
  osu_bucket_prefix: "",
  publication_interval: 60,
};

/** What the resource of its attributes has as well. */
export function shownCommon(account: Account, object: LoadBalancer): Values {
  return {
    dns_name: object.dnsName,
    subregion_names: [account.subnets.get(object.subnet)?.subregion ?? ""],
    source_security_group: [
      {
        security_group_name: account.securityGroups.get(object.groups[0] ?? "")?.name ?? "",
        security_group_account_id: account.id,
      },
    ],
    application_sticky_cookie_policies: [],
    load_balancer_sticky_cookie_policies: [],
  };
}

export function shownListeners({ listeners }: LoadBalancer): Values[] {
  return listeners.map((listener) => ({
    backend_port: listener.backendPort,
    backend_protocol: listener.backendProtocol,
    load_balancer_port: listener.port,
    load_balancer_protocol: listener.protocol,
    policy_names: [],
    server_certificate_id: "",
  }));
}

export function shownHealthCheck({ healthCheck }: LoadBalancer): Values {
  return {
    check_interval: healthCheck.interval,
    healthy_threshold: healthCheck.healthyThreshold,
    path: healthCheck.path,
    port: healthCheck.port,
    protocol: healthCheck.protocol,
    timeout: healthCheck.timeout,
    unhealthy_threshold: healthCheck.unhealthyThreshold,
  };
}
