/** Data sources of Octavia's load balancers, listeners and pools. */
import type { DataSourceModel, Values } from "../../protocol/model";
import type { Account } from "./account";
import { findOne } from "./found-data";
import { NO_RESULTS } from "./image-data";
import type { ApiObject, Listener, LoadBalancer, Pool } from "./objects";

const several =
  "Your query returned more than one result. Please try a more specific search criteria";

const common = {
  service: "load-balancer",
  none: () => NO_RESULTS,
  several: () => several,
} as const;

export function loadBalancerData(account: Account): DataSourceModel {
  return findOne<LoadBalancer>(account, {
    ...common,
    objects: account.loadBalancers,
    checks: { exactlyOne: ["loadbalancer_id", "name"] },
    show: (balancer) => ({
      vip_address: balancer.vipAddress,
      vip_port_id: balancer.vipPort,
      vip_subnet_id: balancer.subnet,
      vip_network_id: balancer.network,
      vip_qos_policy_id: balancer.qosPolicy,
      flavor_id: balancer.flavor,
      availability_zone: balancer.zone,
      loadbalancer_provider: "amphora",
      provisioning_status: statusOf(account, balancer, balancer.failed),
      operating_status: "ONLINE",
      listeners: idsIn(account.listeners.all(), balancer.id),
      pools: idsIn(account.pools.all(), balancer.id),
      additional_vips: [],
    }),
    compare: ({ id }) => ({ loadbalancer_id: id }),
  });
}

export function listenerData(account: Account): DataSourceModel {
  return findOne<Listener>(account, {
    ...common,
    objects: account.listeners,
    checks: { exactlyOne: ["listener_id", "name"] },
    show: (listener) => ({
      protocol: listener.protocol,
      protocol_port: listener.port,
      connection_limit: listener.connectionLimit,
      default_pool_id: listener.defaultPool,
      loadbalancers: [{ id: listener.loadBalancer }],
      pools: account.pools
        .all()
        .filter((pool) => pool.listener === listener.id)
        .map(({ id }) => ({ id })),
      timeout_client_data: listener.timeoutClientData,
      timeout_member_connect: listener.timeoutMemberConnect,
      timeout_member_data: listener.timeoutMemberData,
      timeout_tcp_inspect: listener.timeoutTcpInspect,
      allowed_cidrs: listener.allowedCidrs,
      insert_headers: listener.insertHeaders,
      provisioning_status: statusOf(account, listener),
      operating_status: "ONLINE",
      client_authentication: "NONE",
    }),
    compare: ({ id, loadBalancer }) => ({ listener_id: id, loadbalancer_id: loadBalancer }),
  });
}

export function poolData(account: Account): DataSourceModel {
  return findOne<Pool>(account, {
    ...common,
    objects: account.pools,
    checks: { exactlyOne: ["name", "pool_id"] },
    show: (pool) => ({
      protocol: pool.protocol,
      lb_method: pool.method,
      listeners: pool.listener === "" ? [] : [{ id: pool.listener }],
      loadbalancers: [{ id: pool.loadBalancer }],
      healthmonitor_id: account.monitors.all().find((one) => one.pool === pool.id)?.id ?? "",
      members: lastMember(account, pool),
      session_persistence: [],
      tls_enabled: false,
      provisioning_status: statusOf(account, pool),
      operating_status: "ONLINE",
    }),
    compare: ({ id, loadBalancer }) => ({ pool_id: id, loadbalancer_id: loadBalancer }),
  });
}

/**
 * Octavia lists members by id. The provider hashes its set by the attributes that are not computed
 * (the tags), so all members collide, and the last remains.
 */
function lastMember(account: Account, pool: Pool): Values[] {
  const last = account.members
    .all()
    .filter((member) => member.pool === pool.id)
    .at(-1);
  if (last === undefined) return [];
  const texts = ["address", "monitor_address", "name", "operating_status", "pool_id", "project_id"];
  const empty = [...texts, "provisioning_status", "subnet_id"].map((name) => [name, ""]);
  return [
    {
      ...(Object.fromEntries(empty) as Values),
      id: last.id,
      admin_state_up: false,
      backup: false,
      monitor_port: 0,
      protocol_port: 0,
      weight: 0,
      tags: [],
    },
  ];
}

function idsIn(parts: readonly (ApiObject & { loadBalancer: string })[], balancer: string) {
  return parts.filter(({ loadBalancer }) => loadBalancer === balancer).map(({ id }) => ({ id }));
}

function statusOf(account: Account, object: ApiObject, failed = false): string {
  if (failed) return "ERROR";
  return account.isReady(object) ? "ACTIVE" : "PENDING_UPDATE";
}
