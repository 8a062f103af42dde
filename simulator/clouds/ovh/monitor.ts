/** Health monitor of a pool; a pool has one at most. */
import type { Values } from "../../protocol/model";
import { between } from "../checks";
import { numberOf, stringOf } from "../values";
import type { Account } from "./account";
import { oneOf } from "./checks";
import { loadBalancerError } from "./errors";
import { changeLoadBalancer, parentPool } from "./load-balancer-state";
import { observeMembers } from "./member-health";
import type { Monitor } from "./objects";
import type { Kind } from "./resource";

const PARENT_MESSAGE = "Unable to retrieve parent openstack_lb_pool_v2";

export function monitor(account: Account): Kind<Monitor> {
  const type = account.monitors.kind;
  return {
    type,
    objects: account.monitors,
    service: "load-balancer",
    path: "v2.0/lbaas/healthmonitors",
    messages: {
      create: () => `Unable to create ${type}`,
      update: ({ id }) => `Unable to update ${type} ${stringOf(id)}`,
    },
    replacedBy: ["pool_id", "type"],
    defaults: { admin_state_up: true },
    checks: {
      values: {
        type: oneOf("HTTP", "HTTPS", "PING", "SCTP", "TCP", "TLS-HELLO", "UDP-CONNECT"),
        max_retries: between(1, 10),
        max_retries_down: between(1, 10),
        http_method: oneOf(
          ...["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"],
        ),
        http_version: oneOf("1.0", "1.1"),
      },
    },

    create(planned, call) {
      const pool = parentPool(
        account,
        stringOf(planned.pool_id) ?? "",
        call.region,
        PARENT_MESSAGE,
      );
      return changeLoadBalancer(account, pool.loadBalancer, call, () => {
        if (account.monitors.all().some((other) => other.pool === pool.id))
          throw loadBalancerError(409, "This pool already has a health monitor");
        const created = account.monitors.put({
          ...account.newObject(call.region, planned),
          pool: pool.id,
          type: stringOf(planned.type) ?? "",
          ...settingsOf(planned),
        });
        observeMembers(account);
        return created;
      });
    },

    show: (object) => ({
      pool_id: object.pool,
      type: object.type,
      delay: object.delay,
      timeout: object.timeout,
      max_retries: object.maxRetries,
      max_retries_down: object.maxRetriesDown,
      url_path: object.urlPath,
      http_method: object.httpMethod,
      http_version: object.httpVersion,
      expected_codes: object.expectedCodes,
      domain_name: object.domainName,
    }),

    async update(object, planned, _prior, call) {
      const pool = parentPool(account, object.pool, call.region, PARENT_MESSAGE);
      await changeLoadBalancer(account, pool.loadBalancer, call, () => {
        Object.assign(object, settingsOf(planned));
      });
      observeMembers(account);
    },

    async delete(object, call) {
      const pool = parentPool(account, object.pool, call.region, PARENT_MESSAGE);
      await changeLoadBalancer(account, pool.loadBalancer, call, () => {
        account.monitors.remove(object.id);
      });
      observeMembers(account);
    },

    import(id): Values {
      const [monitorId = "", pool_id] = id.split("/");
      return pool_id === undefined ? { id: monitorId } : { id: monitorId, pool_id };
    },
  };
}

/** Octavia fills in the HTTP settings only for HTTP. */
function settingsOf(planned: Values) {
  const isHttp = /^HTTPS?$/.test(stringOf(planned.type) ?? "");
  return {
    delay: numberOf(planned.delay) ?? 0,
    timeout: numberOf(planned.timeout) ?? 0,
    maxRetries: numberOf(planned.max_retries) ?? 0,
    maxRetriesDown: numberOf(planned.max_retries_down) ?? 3,
    urlPath: stringOf(planned.url_path) ?? (isHttp ? "/" : ""),
    httpMethod: stringOf(planned.http_method) ?? (isHttp ? "GET" : ""),
    httpVersion: stringOf(planned.http_version) ?? "",
    expectedCodes: stringOf(planned.expected_codes) ?? (isHttp ? "200" : ""),
    domainName: stringOf(planned.domain_name) ?? "",
  };
}
