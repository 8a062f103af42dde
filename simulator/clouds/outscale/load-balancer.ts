/**
 * Load balancer (LBU). Its id is its name. The provider waits for it to be active at every call,
 * reads included. Its deletion takes minutes, during which the subnet and groups it uses cannot be
 * deleted.
 */
import {
  Refusal,
  type CallContext,
  type Diagnostic,
  type Value,
  type Values,
} from "../../protocol/model";
import { blocksOf, isTrue, numberOf, sameValue, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { DURATION, TIMEOUT } from "./catalogue";
import { notTogether } from "./checks";
import * as check from "./load-balancer-checks";
import { shownBalancer, stateOf } from "./load-balancer-state";
import type { Listener, LoadBalancer } from "./objects";
import type { Kind } from "./resource";
import { tagsOf } from "./tags";
import { timeoutOf } from "./timeouts";

export function loadBalancer(account: Account): Kind<LoadBalancer> {
  return {
    type: "outscale_load_balancer",
    generation: "framework",
    title: "Load Balancer",
    replacedBy: ["load_balancer_name", "load_balancer_type", "subnets", "subregion_names"],
    keeps: ["id", "load_balancer_type", "subnets", "subregion_names"],
    tags: "with creation",
    validate: (config) => [
      ...notTogether(config, ["subnets", "subregion_names"]),
      ...missingCertificates(config),
    ],

    create(planned) {
      const name = stringOf(planned.load_balancer_name) ?? "";
      check.name(account, name);
      account.checkQuota("loadBalancers", account.loadBalancers.all().length);
      const type = stringOf(planned.load_balancer_type) ?? "internet-facing";
      const subnet = check.subnet(account, planned, type);
      const groups = check.groups(account, stringsOf(planned.security_groups), subnet);
      const listeners = listenersOf(planned);
      check.listeners(listeners);
      const publicAddress = check.publicAddress(account, stringOf(planned.public_ip), type);
      return account.loadBalancers.put({
        id: name,
        sequence: account.nextSequence(),
        readyAt: 0,
        tags: tagsOf(planned),
        type,
        subnet: subnet.id,
        dnsName: `${name}-${1_000_000 + account.nextSequence()}.${account.region}.lbu.outscale.com`,
        groups,
        publicAddress,
        listeners,
        healthCheck: defaultHealthCheck(listeners),
        backends: [],
        securedCookies: isTrue(planned.secured_cookies),
        phase: account.limits.stuckLoadBalancer ? "stuck" : "building",
      });
    },

    async finish(object, planned, context) {
      if (object.phase !== "stuck")
        await account.settle(object, DURATION.loadBalancerReady, context);
      await awaitActive(account, object, timeoutOf(planned, "create", TIMEOUT.create), context);
    },

    async find(state, context) {
      const object = account.loadBalancers.get(stringOf(state.load_balancer_name) ?? "");
      if (object === undefined) return undefined;
      await awaitActive(account, object, timeoutOf(state, "read", TIMEOUT.read), context, READ);
      return object;
    },

    show: (object) => shownBalancer(account, object),

    async update(object, planned, prior, context) {
      if (!sameValue(planned.security_groups, prior.security_groups))
        object.groups = check.groups(
          account,
          stringsOf(planned.security_groups),
          account.subnets.find(object.subnet),
        );
      const address = stringOf(planned.public_ip);
      if (address !== undefined && address !== object.publicAddress)
        object.publicAddress = check.publicAddress(account, address, object.type);
      object.securedCookies = isTrue(planned.secured_cookies);
      object.listeners = listenersOf(planned);
      await account.settle(object, DURATION.loadBalancerChanged, context);
    },

    async delete(state, context) {
      const object = account.loadBalancers.find(stringOf(state.load_balancer_name) ?? "");
      object.phase = "deleting";
      await account.vanish(object, DURATION.loadBalancerDeleted, context, () => {
        account.loadBalancers.remove(object.id);
      });
    },

    import: (id) => ({ id, load_balancer_name: id }),
  };
}

const WAIT = "Unable to wait for Load Balancer state";
const READ = "Unable to reconcile Terraform state from API response";

/**
 * The end of every call of the provider, and the start of every read.
 * @throws Refusal when it is not active within the timeout.
 */
export async function awaitActive(
  account: Account,
  object: LoadBalancer,
  timeout: number,
  context: CallContext,
  title = WAIT,
): Promise<void> {
  if (object.phase === "stuck") {
    await context.wait(timeout);
    throw new Refusal(
      title,
      `timeout while waiting for state to become 'active' (last state: '${stateOf(account, object)}', timeout: ${timeout / 60_000}m0s)`,
    );
  }
  await account.awaitReady(object, context);
}

function listenersOf(values: Values): Listener[] {
  return blocksOf(values.listeners).map((block) => ({
    port: numberOf(block.load_balancer_port) ?? 0,
    protocol: stringOf(block.load_balancer_protocol) ?? "",
    backendPort: numberOf(block.backend_port) ?? 0,
    backendProtocol: stringOf(block.backend_protocol) ?? "",
  }));
}

/** As recorded: five minutes until a backend counts as healthy. */
function defaultHealthCheck(listeners: readonly Listener[]) {
  return {
    protocol: "TCP",
    port: listeners[0]?.backendPort ?? 80,
    path: "",
    interval: 30,
    timeout: 5,
    healthyThreshold: 10,
    unhealthyThreshold: 2,
  };
}

function missingCertificates(config: Values): Diagnostic[] {
  const isSecure = (protocol: Value | undefined) => protocol === "HTTPS" || protocol === "SSL";
  return blocksOf(config.listeners)
    .filter(
      (block) =>
        isSecure(block.load_balancer_protocol) && (block.server_certificate_id ?? null) === null,
    )
    .map(() => ({
      severity: "error",
      summary: "Missing server certificate",
      detail:
        "'server_certificate_id' is required when 'load_balancer_protocol' is 'HTTPS' or 'SSL'.",
      path: ["listeners"],
    }));
}
