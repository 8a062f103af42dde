/** Pool of a load balancer: the default of one listener, or of none. */
import { Refusal, type Values } from "../../protocol/model";
import { blockOf, stringOf } from "../values";
import type { Account } from "./account";
import { oneOf } from "./checks";
import { during, loadBalancerError } from "./errors";
import { changeLoadBalancer } from "./load-balancer-state";
import type { Pool } from "./objects";
import type { Kind } from "./resource";

export function pool(account: Account): Kind<Pool> {
  return {
    type: account.pools.kind,
    objects: account.pools,
    service: "load-balancer",
    path: "v2.0/lbaas/pools",
    messages: {
      create: () => "Error creating pool",
      update: ({ id }) => `Unable to update pool ${stringOf(id)}`,
      delete: ({ id }) => `Error deleting pool ${stringOf(id)}`,
    },
    replacedBy: ["protocol", "loadbalancer_id", "listener_id"],
    defaults: { admin_state_up: true },
    checks: {
      values: {
        protocol: oneOf("TCP", "UDP", "HTTP", "HTTPS", "PROXY", "SCTP", "PROXYV2"),
        lb_method: oneOf("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT"),
        "persistence.type": oneOf("SOURCE_IP", "HTTP_COOKIE", "APP_COOKIE"),
      },
      exactlyOne: ["listener_id", "loadbalancer_id"],
    },

    create(planned, call) {
      const persistence = persistenceOf(planned);
      const listenerId = stringOf(planned.listener_id);
      const listener =
        listenerId === undefined
          ? undefined
          : during(
              `Unable to get openstack_lb_listener_v2 ${listenerId}`,
              `GET v2.0/lbaas/listeners/${listenerId}`,
              () => account.listeners.find(listenerId, call.region),
            );
      const owner = listener?.loadBalancer ?? stringOf(planned.loadbalancer_id) ?? "";
      return changeLoadBalancer(account, owner, call, (loadBalancer) => {
        if (listener !== undefined && listener.defaultPool !== "")
          throw loadBalancerError(409, "This listener already has a default pool");
        const created = account.pools.put({
          ...account.newObject(call.region, planned),
          loadBalancer: loadBalancer.id,
          listener: listener?.id ?? "",
          protocol: stringOf(planned.protocol) ?? "",
          method: stringOf(planned.lb_method) ?? "",
          persistence,
        });
        if (listener !== undefined) listener.defaultPool = created.id;
        return created;
      });
    },

    show: (object) => ({
      protocol: object.protocol,
      lb_method: object.method,
      persistence: object.persistence
        ? [{ type: object.persistence.type, cookie_name: object.persistence.cookieName }]
        : [],
      alpn_protocols: [],
      ca_tls_container_ref: "",
      crl_container_ref: "",
      tls_container_ref: "",
      tls_enabled: false,
      tls_ciphers: "",
      tls_versions: [],
    }),

    async update(object, planned, _prior, call) {
      const persistence = persistenceOf(planned);
      await changeLoadBalancer(account, object.loadBalancer, call, () => {
        object.method = stringOf(planned.lb_method) ?? object.method;
        object.persistence = persistence;
      });
    },

    /** Octavia deletes members and monitor with it. */
    async delete(object, call) {
      await changeLoadBalancer(account, object.loadBalancer, call, () => {
        for (const part of [account.members, account.monitors])
          for (const one of part.all()) if (one.pool === object.id) part.remove(one.id);
        for (const listener of account.listeners.all())
          if (listener.defaultPool === object.id) listener.defaultPool = "";
        account.pools.remove(object.id);
      });
    },

    /** Its parent is read by an import only. */
    import(id): Values | undefined {
      const found = account.pools.get(id);
      if (found === undefined) return undefined;
      return found.listener === ""
        ? { id, loadbalancer_id: found.loadBalancer }
        : { id, listener_id: found.listener };
    },
  };
}

function persistenceOf(planned: Values): Pool["persistence"] {
  const block = blockOf(planned.persistence);
  if (block === undefined) return undefined;
  const type = stringOf(block.type) ?? "";
  const cookieName = stringOf(block.cookie_name) ?? "";
  if (type === "APP_COOKIE" && cookieName === "")
    throw new Refusal(
      "Persistence cookie_name needs to be set if using 'APP_COOKIE' persistence type",
    );
  if (type !== "APP_COOKIE" && cookieName !== "")
    throw new Refusal(
      "Persistence cookie_name can only be set if using 'APP_COOKIE' persistence type",
    );
  return { type, cookieName };
}
