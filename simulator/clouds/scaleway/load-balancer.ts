/**
 * Load balancer. An attachment is identified by its private network alone: the provider does not
 * notice a change of `ipam_ids`. Deleting a load balancer detaches it, and keeps its address.
 */
import type { Values } from "../../protocol/model";
import type { Account } from "./account";
import { DURATION, LOAD_BALANCER_TYPES } from "./catalogue";
import { oneOf } from "../checks";
import { localizedUuid } from "./checks";
import { invalidArgument } from "./errors";
import { regionOfZone } from "./ids";
import { detach } from "./ipam";
import { attach, changeAttachments, planLoadBalancer } from "./load-balancer-attachment";
import { takeIp, takeIps } from "./load-balancer-ip";
import type { LoadBalancer } from "./objects";
import { sameId } from "./planning";
import { sameIgnoringCase, type Equality } from "../sdkv2";
import { type Kind } from "./resource";
import { blocksOf, isTrue, stringOf, stringsOf } from "../values";

/** `ip_ids` is compared as strings: the same set in another order is no change. */
const sameSet: Equality = (a, b) =>
  [...stringsOf(a)].sort().join() === [...stringsOf(b)].sort().join();

export function loadBalancer(account: Account): Kind<LoadBalancer> {
  return {
    objects: account.loadBalancers,
    locality: "zone",
    product: "load-balancer",
    shortName: "lb",
    replacedBy: ["assign_flexible_ip"],
    defaults: {
      external_private_networks: false,
      ssl_compatibility_level: "ssl_compatibility_level_intermediate",
    },
    equal: { type: sameIgnoringCase, ip_id: sameId, ip_ids: sameSet },
    computedBlocks: ["private_network"],
    sameLocality: ["ip_id", "private_network.private_network_id"],
    checks: {
      values: {
        ip_id: localizedUuid,
        ip_ids: localizedUuid,
        "private_network.private_network_id": localizedUuid,
        ssl_compatibility_level: oneOf(
          "ssl_compatibility_level_intermediate",
          "ssl_compatibility_level_modern",
          "ssl_compatibility_level_old",
        ),
      },
      conflicts: [
        ["assign_flexible_ip", "ip_ids"],
        ["assign_flexible_ipv6", "ip_ids"],
        ["external_private_networks", "private_network"],
      ],
    },
    plan: planLoadBalancer,

    create(planned, zone) {
      account.checkQuota("scaleway_lb", account.loadBalancers.all().length);
      const type = knownType(stringOf(planned.type));
      const base = account.newObject(
        zone,
        {
          name: stringOf(planned.name),
          tags: stringsOf(planned.tags),
          projectId: stringOf(planned.project_id),
        },
        "lb",
      );
      return {
        ...base,
        type,
        description: stringOf(planned.description) ?? "",
        sslCompatibilityLevel: stringOf(planned.ssl_compatibility_level) ?? "",
        ips: takeIps(account, planned, zone, base.id),
        attachments: [],
      };
    },

    async finish(object, planned, context) {
      await account.settle(object, DURATION.loadBalancerReady, context);
      if (isTrue(planned.external_private_networks)) return;
      for (const block of blocksOf(planned.private_network))
        await attach(account, object, block, context);
    },

    show: (object, given) => shown(account, object, given),

    async update(object, planned, prior, context) {
      await account.awaitReady(object, "lb", context);
      const type = knownType(stringOf(planned.type));
      object.description = stringOf(planned.description) ?? "";
      object.sslCompatibilityLevel = stringOf(planned.ssl_compatibility_level) ?? "";
      if (type !== object.type) {
        object.type = type;
        await account.settle(object, DURATION.loadBalancerReady, context);
      }
      for (const id of stringsOf(planned.ip_ids))
        if (!stringsOf(prior.ip_ids).includes(id)) takeIp(account, object, id);
      await changeAttachments(account, object, planned, context);
    },

    async delete(object, context) {
      await account.awaitReady(object, "lb", context);
      await account.settle(object, DURATION.loadBalancerDeleted, context);
      detach(
        account,
        object.attachments.map(({ ipamIp }) => ipamIp),
      );
      for (const id of object.ips) {
        const ip = account.loadBalancerIps.get(id);
        if (ip) delete ip.attachedTo;
      }
      for (const part of [account.frontends, account.backends])
        for (const { id, loadBalancer: owner } of part.all())
          if (owner === object.id) part.remove(id);
    },
  };
}

function shown(account: Account, object: LoadBalancer, given: Values): Values {
  const ips = object.ips.flatMap((id) => account.loadBalancerIps.get(id) ?? []);
  const status = account.isReady(object) ? "ready" : "pending";
  return {
    type: object.type,
    description: object.description || (given.description ?? null),
    ssl_compatibility_level: object.sslCompatibilityLevel,
    release_ip: false,
    region: regionOfZone(object.locality),
    ip_id: ips[0]?.id ?? "",
    ip_ids: ips.map(({ id }) => id),
    ip_address: ips.find(({ ipv6 }) => !ipv6)?.address ?? "",
    ipv6_address: ips.find(({ ipv6 }) => ipv6)?.address ?? "",
    private_network: object.attachments.map(({ privateNetwork, ipamIp }) => ({
      private_network_id: privateNetwork,
      ipam_ids: [ipamIp],
      dhcp_config: true,
      static_config: [],
      status,
      zone: object.locality,
    })),
    private_ips: object.attachments.flatMap(({ ipamIp }) => {
      const ip = account.privateIps.get(ipamIp);
      return ip ? [{ id: ip.id, address: ip.address }] : [];
    }),
  };
}

/** Upper case in the state, whatever the configuration says. */
function knownType(type: string | undefined): string {
  const known = LOAD_BALANCER_TYPES.find((name) => name === type?.toUpperCase());
  if (known === undefined)
    throw invalidArgument("type", "constraint", `unknown Load Balancer type ${type}`);
  return known;
}
