/** Load balancer backend: its servers and their health check. */
import type { Value, Values } from "../../protocol/model";
import type { Account } from "./account";
import { contains, parseSubnet } from "../addresses";
import { between, duration, ipAddress, oneOf, type Check } from "../checks";
import { normalizedDuration, parseDuration } from "../durations";
import { invalidArgument, notFound, stillInUse } from "./errors";
import { parseLocalizedId } from "./ids";
import type { ApiObject, Backend, HealthCheck, LoadBalancer } from "./objects";
import type { Equality } from "../sdkv2";
import type { Kind } from "./resource";
import { blockOf, isTrue, numberOf, stringOf, stringsOf } from "../values";

/** Stored as "1m0s", written as "60s". */
export const sameDuration: Equality = (a, b) =>
  parseDuration(stringOf(a) ?? "") === parseDuration(stringOf(b) ?? "");

const MAX_INT32 = 2147483647;

const DURATIONS = [
  "timeout_server",
  "timeout_connect",
  "timeout_tunnel",
  "timeout_queue",
  "health_check_timeout",
  "health_check_delay",
  "health_check_transient_delay",
] as const;

function forDurations<T>(value: T): Record<string, T> {
  return Object.fromEntries(DURATIONS.map((name) => [name, value]));
}

export function backend(account: Account): Kind<Backend> {
  return {
    objects: account.backends,
    locality: "zone",
    product: "load-balancer",
    shortName: "lb-bkd",
    replacedBy: ["lb_id"],
    defaults: {
      forward_port_algorithm: "roundrobin",
      sticky_sessions: "none",
      proxy_protocol: "none",
      timeout_server: "5m",
      timeout_connect: "5s",
      timeout_tunnel: "15m",
      timeout_queue: "0s",
      health_check_timeout: "30s",
      health_check_delay: "60s",
      health_check_transient_delay: "0.5s",
      health_check_max_retries: 2,
      health_check_send_proxy: false,
      on_marked_down_action: "none",
      ssl_bridging: false,
      ignore_ssl_server_verify: false,
      max_retries: 3,
      "health_check_http.method": "GET",
      "health_check_http.code": 200,
      "health_check_https.method": "GET",
      "health_check_https.code": 200,
    },
    equal: forDurations(sameDuration),
    computedBlocks: ["health_check_tcp"],
    checks: {
      values: {
        ...forDurations<Check>(duration),
        forward_protocol: oneOf("tcp", "http"),
        forward_port_algorithm: oneOf("roundrobin", "leastconn", "first"),
        sticky_sessions: oneOf("none", "cookie", "table"),
        proxy_protocol: oneOf("none", "v1", "v2", "v2_ssl", "v2_ssl_cn"),
        on_marked_down_action: oneOf("none", "shutdown_sessions"),
        server_ips: ipAddress,
        max_connections: between(0, MAX_INT32),
        redispatch_attempt_count: between(0, MAX_INT32),
        max_retries: between(0, MAX_INT32),
      },
      conflicts: [
        ["health_check_tcp", "health_check_http"],
        ["health_check_tcp", "health_check_https"],
        ["health_check_http", "health_check_https"],
      ],
    },

    async create(planned, _zone, context) {
      const { locality: zone } = parseLocalizedId(stringOf(planned.lb_id) ?? "");
      const owner = account.loadBalancers.find(stringOf(planned.lb_id) ?? "", zone);
      await account.awaitReady(owner, "lb", context);
      const settings = settingsOf(account, owner, planned);
      const base = account.newObject(zone, { name: stringOf(planned.name) }, "lb-bkd");
      return { ...base, loadBalancer: owner.id, ...settings };
    },

    show,

    async update(object, planned, _prior, context) {
      const owner = account.loadBalancers.find(object.loadBalancer, object.locality);
      await account.awaitReady(owner, "lb", context);
      Object.assign(object, settingsOf(account, owner, planned));
    },

    // resourceLbBackendRead of provider 2.80.0 treats only 403 as absence.
    gone: (id) => notFound("backend", id),

    delete(object) {
      if (account.frontends.all().some(({ backend: used }) => used === object.id))
        throw stillInUse("backend is used by a frontend");
    },
  };
}

type Settings = Omit<Backend, "loadBalancer" | keyof ApiObject>;

function settingsOf(account: Account, owner: LoadBalancer, planned: Values): Settings {
  const serverIps = stringsOf(planned.server_ips);
  for (const address of serverIps) checkServer(account, owner, address);
  const period = (name: (typeof DURATIONS)[number]) =>
    normalizedDuration(stringOf(planned[name]) ?? "0s");
  return {
    forwardProtocol: stringOf(planned.forward_protocol) ?? "",
    forwardPort: numberOf(planned.forward_port) ?? 0,
    algorithm: stringOf(planned.forward_port_algorithm) ?? "",
    stickySessions: stringOf(planned.sticky_sessions) ?? "",
    stickySessionsCookieName: stringOf(planned.sticky_sessions_cookie_name) ?? "",
    serverIps,
    proxyProtocol: stringOf(planned.proxy_protocol) ?? "",
    timeoutServer: period("timeout_server"),
    timeoutConnect: period("timeout_connect"),
    timeoutTunnel: period("timeout_tunnel"),
    timeoutQueue: period("timeout_queue"),
    onMarkedDownAction: stringOf(planned.on_marked_down_action) ?? "",
    failoverHost: stringOf(planned.failover_host) ?? "",
    sslBridging: isTrue(planned.ssl_bridging),
    ignoreSslServerVerify: isTrue(planned.ignore_ssl_server_verify),
    maxConnections: numberOf(planned.max_connections) ?? null,
    redispatchAttemptCount: numberOf(planned.redispatch_attempt_count) ?? null,
    maxRetries: numberOf(planned.max_retries) ?? 0,
    healthCheck: healthCheckOf(planned, period),
  };
}

function healthCheckOf(
  planned: Values,
  period: (name: (typeof DURATIONS)[number]) => string,
): HealthCheck {
  const https = blockOf(planned.health_check_https);
  const http = https ?? blockOf(planned.health_check_http);
  return {
    port: numberOf(planned.health_check_port) ?? numberOf(planned.forward_port) ?? 0,
    maxRetries: numberOf(planned.health_check_max_retries) ?? 0,
    timeout: period("health_check_timeout"),
    delay: period("health_check_delay"),
    transientDelay: period("health_check_transient_delay"),
    sendProxy: isTrue(planned.health_check_send_proxy),
    kind: https ? "https" : http ? "http" : "tcp",
    http: http && {
      uri: stringOf(http.uri) ?? "",
      method: stringOf(http.method) ?? "",
      code: numberOf(http.code) ?? 0,
      hostHeader: stringOf(http.host_header) ?? "",
      sni: stringOf(http.sni) ?? "",
    },
  };
}

/**
 * A load balancer reaches its private networks. A public LB-S refuses addresses outside Scaleway
 * (documentation), which includes a private address of a network that it is not attached to.
 */
function checkServer(account: Account, owner: LoadBalancer, address: string): void {
  const networks = owner.attachments.flatMap(
    ({ privateNetwork }) => account.privateNetworks.get(privateNetwork) ?? [],
  );
  const inside = networks.some(({ ipv4 }) => {
    const subnet = parseSubnet(ipv4.cidr);
    return subnet !== undefined && contains(subnet, address);
  });
  const isScaleway = [account.instanceIps, account.loadBalancerIps, account.gatewayIps].some(
    (ips) => ips.all().some((ip) => ip.address === address),
  );
  if (
    !inside &&
    !isScaleway &&
    !networks.some(({ ipv6 }) => ipv6.length > 0 && address.includes(":"))
  )
    throw invalidArgument(
      "server_ip",
      "constraint",
      `${address} is not reachable from Load Balancer ${owner.name}`,
    );
}

function show(object: Backend, given: Values): Values {
  const { healthCheck: check } = object;
  const http = {
    uri: check.http?.uri ?? "",
    method: check.http?.method ?? "",
    code: check.http?.code ?? 0,
    host_header: check.http?.hostHeader ?? "",
  };
  const keepNull = (name: string, value: Value) => (given[name] === null && !value ? null : value);
  return {
    lb_id: object.loadBalancer,
    forward_protocol: object.forwardProtocol,
    forward_port: object.forwardPort,
    forward_port_algorithm: object.algorithm,
    sticky_sessions: object.stickySessions,
    sticky_sessions_cookie_name: keepNull(
      "sticky_sessions_cookie_name",
      object.stickySessionsCookieName,
    ),
    server_ips: object.serverIps,
    send_proxy_v2: object.proxyProtocol === "v2",
    proxy_protocol: object.proxyProtocol,
    timeout_server: object.timeoutServer,
    timeout_connect: object.timeoutConnect,
    timeout_tunnel: object.timeoutTunnel,
    timeout_queue: object.timeoutQueue,
    on_marked_down_action: object.onMarkedDownAction,
    failover_host: keepNull("failover_host", object.failoverHost),
    ssl_bridging: object.sslBridging,
    ignore_ssl_server_verify: object.ignoreSslServerVerify,
    max_connections: object.maxConnections,
    redispatch_attempt_count: object.redispatchAttemptCount,
    max_retries: object.maxRetries,
    health_check_port: check.port,
    health_check_max_retries: check.maxRetries,
    health_check_timeout: check.timeout,
    health_check_delay: check.delay,
    health_check_transient_delay: check.transientDelay,
    health_check_send_proxy: check.sendProxy,
    health_check_tcp: check.kind === "tcp" ? [{}] : [],
    health_check_http: check.kind === "http" ? [http] : [],
    health_check_https: check.kind === "https" ? [{ ...http, sni: check.http?.sni ?? "" }] : [],
  };
}
