/**
 * Health check of a load balancer, set by a call of its own. Every change is a replacement, which
 * repeats that call: deleting leaves the health check unchanged.
 */
import { Refusal, type Values } from "../../protocol/model";
import { blockOf, blocksOf, isZero, numberOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { DURATION, TIMEOUT } from "./catalogue";
import { included } from "./checks";
import { invalidValue } from "./errors";
import { awaitActive } from "./load-balancer";
import {
  NO_ACCESS_LOG,
  shownCommon,
  shownHealthCheck,
  shownListeners,
} from "./load-balancer-state";
import type { HealthCheck, LoadBalancer } from "./objects";
import type { Kind } from "./resource";
import { shownTags } from "./tags";
import { timeoutOf } from "./timeouts";

/** Limits from the provider's validation and the API. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  port: [1, 65_535],
  check_interval: [5, 600],
  timeout: [2, 60],
  healthy_threshold: [2, 10],
  unhealthy_threshold: [2, 10],
};

export function loadBalancerAttributes(account: Account): Kind<LoadBalancer> {
  return {
    type: "outscale_load_balancer_attributes",
    generation: "sdkv2",
    title: "Load Balancer attributes",
    replacedBy: [
      "load_balancer_name",
      "load_balancer_port",
      "server_certificate_id",
      ...["is_enabled", "osu_bucket_name", "osu_bucket_prefix", "publication_interval"].map(
        (name) => `access_log.${name}`,
      ),
      ...["protocol", "path", ...Object.keys(RANGES)].map((name) => `health_check.${name}`),
    ],
    defaults: { "access_log.publication_interval": 60 },
    computedBlocks: ["access_log", "health_check"],
    validate: (config) =>
      blocksOf(config.health_check).flatMap((block) =>
        Object.entries(RANGES).flatMap(([name, [minimum, maximum]]) =>
          included(block[name], `health_check.0.${name}`, minimum, maximum, [
            "health_check",
            0,
            name,
          ]),
        ),
      ),

    async create(planned, context) {
      const object = account.loadBalancers.find(stringOf(planned.load_balancer_name) ?? "");
      const wanted = blockOf(planned.health_check);
      if (wanted !== undefined) object.healthCheck = healthCheckOf(wanted);
      await account.settle(object, DURATION.loadBalancerChanged, context);
      await awaitActive(account, object, timeoutOf(planned, "create", TIMEOUT.create), context);
      return object;
    },

    find: (state) => account.loadBalancers.get(stringOf(state.id) ?? ""),

    show: (object, given) => ({
      id: object.id,
      load_balancer_name: stringOf(given.load_balancer_name) ?? null,
      ...shownCommon(account, object),
      subnets: [object.subnet],
      security_groups: object.groups,
      listeners: shownListeners(object),
      backend_vm_ids: object.backends.map(({ vm }) => vm),
      access_log: [{ ...NO_ACCESS_LOG }],
      health_check: [shownHealthCheck(object)],
      tags: shownTags(object.tags),
      // Never set by the provider.
      load_balancer_type: null,
      request_id: null,
    }),

    // Only policies can change in place, and the pinned schema has none.
    update: (_object, planned) => {
      if (stringsOf(planned.policy_names).length > 0)
        throw invalidValue(4095, "The load balancer has no policy of that name.");
    },

    delete(state) {
      if (isZero(state.policy_names)) return;
      if (isZero(state.load_balancer_port))
        throw new Refusal("required load_balancer_port attributes");
    },
  };
}

/** An omitted number is sent as 0, and refused. */
function healthCheckOf(block: Values): HealthCheck {
  for (const [name, [minimum, maximum]] of Object.entries(RANGES)) {
    const value = numberOf(block[name]) ?? 0;
    if (value < minimum || value > maximum)
      throw invalidValue(4095, `The value ${value} of ${name} in HealthCheck is invalid.`);
  }
  return {
    protocol: stringOf(block.protocol) ?? "",
    path: stringOf(block.path) ?? "",
    port: numberOf(block.port) ?? 0,
    interval: numberOf(block.check_interval) ?? 0,
    timeout: numberOf(block.timeout) ?? 0,
    healthyThreshold: numberOf(block.healthy_threshold) ?? 0,
    unhealthyThreshold: numberOf(block.unhealthy_threshold) ?? 0,
  };
}
