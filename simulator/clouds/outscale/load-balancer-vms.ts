/**
 * The backends of a load balancer: one such resource owns the whole list, since it reads the whole
 * list. It does not notice that a load balancer was recreated under the same name.
 */
import { isUnknown, type Values } from "../../protocol/model";
import { stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { DURATION, TIMEOUT } from "./catalogue";
import { conflictsWith, wrongConfiguration } from "./checks";
import { invalidValue, notFound, reported } from "./errors";
import { awaitActive } from "./load-balancer";
import type { LoadBalancer } from "./objects";
import type { Kind } from "./resource";
import { timeoutOf } from "./timeouts";

export function loadBalancerVms(account: Account): Kind<LoadBalancer> {
  const balancerOf = (values: Values) =>
    account.loadBalancers.find(stringOf(values.load_balancer_name) ?? "");
  return {
    type: "outscale_load_balancer_vms",
    generation: "framework",
    title: "Load Balancer backends",
    replacedBy: ["load_balancer_name"],
    destruction:
      "Applying this resource destruction will only unlink backend vms from load_balancer.",
    validate: (config) => [
      ...conflictsWith(config, "backend_ips", ["backend_vm_ids"]),
      ...nothingSet(config),
    ],
    plan({ prior, planned, warn }) {
      if (prior === null && !Object.values(planned).every(isUnknown))
        warn(
          "Resource 'outscale_load_balancer_vms' Considerations",
          "You have to apply twice or run 'terraform refesh' after the fist apply to get the 'backend_ips' or 'backend_vm_ids' block values in load_balancer resource state",
        );
    },

    create(planned) {
      const object = balancerOf(planned);
      link(account, object, stringsOf(planned.backend_vm_ids));
      return object;
    },

    async finish(object, planned, context) {
      await account.settle(object, DURATION.loadBalancerChanged, context);
      await awaitActive(account, object, timeoutOf(planned, "create", TIMEOUT.create), context);
    },

    find: (state) => account.loadBalancers.get(stringOf(state.load_balancer_name) ?? ""),

    show: (object, given) => ({
      id: object.id,
      load_balancer_name: object.id,
      backend_vm_ids:
        given.backend_vm_ids === null ? null : object.backends.map(({ vm }) => vm).sort(),
      backend_ips: given.backend_ips ?? null,
    }),

    async update(object, planned, prior, context) {
      const before = stringsOf(prior.backend_vm_ids);
      const after = stringsOf(planned.backend_vm_ids);
      try {
        unlink(
          object,
          before.filter((id) => !after.includes(id)),
        );
      } catch (error) {
        throw reported("Unable to remove Load Balancer backends", error);
      }
      try {
        link(
          account,
          object,
          after.filter((id) => !before.includes(id)),
        );
      } catch (error) {
        throw reported("Unable to add Load Balancer backends", error);
      }
      await account.settle(object, DURATION.loadBalancerChanged, context);
      await awaitActive(account, object, timeoutOf(planned, "update", TIMEOUT.update), context);
    },

    delete(state) {
      unlink(balancerOf(state), stringsOf(state.backend_vm_ids));
    },
  };
}

function nothingSet(config: Values) {
  if ((config.backend_ips ?? null) !== null || (config.backend_vm_ids ?? null) !== null) return [];
  return [
    wrongConfiguration(
      "You need to specify at least the 'backend_ips' or the 'backend_vm_ids' parameter.",
      "Missing Attribute Configuration",
    ),
  ];
}

/** A stopped machine is accepted; one in another Net is not. */
function link(account: Account, object: LoadBalancer, ids: readonly string[]): void {
  const net = account.subnets.get(object.subnet)?.net;
  for (const id of ids) {
    const vm = account.vms.find(id);
    if (account.subnets.get(vm.subnet)?.net !== net)
      throw invalidValue(4086, `The VM ${id} is not in the Net of ${object.id}.`);
  }
  const since = account.now();
  const added = ids.filter((id) => !object.backends.some(({ vm }) => vm === id));
  object.backends.push(...added.map((vm) => ({ vm, since })));
  account.save();
}

/** @throws ApiError 5063 for a VM that is no backend, as the API's test suite expects. */
function unlink(object: LoadBalancer, ids: readonly string[]): void {
  const missing = ids.find((id) => !object.backends.some(({ vm }) => vm === id));
  if (missing !== undefined) throw notFound("vm", missing);
  object.backends = object.backends.filter(({ vm }) => !ids.includes(vm));
}
