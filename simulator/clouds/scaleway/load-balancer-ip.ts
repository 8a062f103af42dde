/** A load balancer's public address: it exists before the load balancer and outlives it. */
import type { Values } from "../../protocol/model";
import type { Account } from "./account";
import { conflict, stillInUse } from "./errors";
import { parseLocalizedId, regionOfZone } from "./ids";
import type { LoadBalancer, PublicIp } from "./objects";
import type { Kind } from "./resource";
import { isTrue, stringOf, stringsOf } from "../values";

export function loadBalancerIp(account: Account): Kind<PublicIp> {
  return {
    objects: account.loadBalancerIps,
    locality: "zone",
    product: "load-balancer",
    shortName: "lb-ip",
    replacedBy: ["is_ipv6"],
    defaults: { is_ipv6: false },
    create: (planned, zone) => newIp(account, planned, zone),
    show: (object, given) => ({
      ip_address: object.address,
      reverse: stringOf(given.reverse) ?? object.reverse,
      is_ipv6: object.ipv6,
      lb_id: object.attachedTo ?? "",
      region: regionOfZone(object.locality),
    }),
    delete(object) {
      if (object.attachedTo !== undefined) throw stillInUse("IP is attached to a Load Balancer");
    },
  };
}

/** The configured ones; otherwise, unless that is disabled, one of its own, which nothing deletes. */
export function takeIps(account: Account, planned: Values, zone: string, owner: string): string[] {
  const chosen = stringOf(planned.ip_id);
  const references = stringsOf(planned.ip_ids);
  if (references.length === 0 && chosen !== undefined) references.push(chosen);
  if (references.length === 0) {
    if (planned.assign_flexible_ip === false) return [];
    const ip = account.loadBalancerIps.put(newIp(account, {}, zone));
    references.push(ip.id);
  }
  return references.map((reference) => claimIp(account, reference, zone, owner).id);
}

/** @throws Refusal when the reference has no zone, or the address is in use. */
export function takeIp(account: Account, object: LoadBalancer, reference: string): void {
  parseLocalizedId(reference);
  object.ips.push(claimIp(account, reference, object.locality, object.id).id);
}

function claimIp(account: Account, reference: string, zone: string, owner: string): PublicIp {
  const ip = account.loadBalancerIps.find(reference, zone);
  if (ip.attachedTo !== undefined) throw conflict("IP is already attached to a Load Balancer");
  ip.attachedTo = owner;
  account.touch(ip);
  return ip;
}

function newIp(account: Account, planned: Values, zone: string): PublicIp {
  const ipv6 = isTrue(planned.is_ipv6);
  const address = ipv6 ? "2001:db8::1" : account.takePublicAddress();
  return {
    ...account.newObject(
      zone,
      { name: "", tags: stringsOf(planned.tags), projectId: stringOf(planned.project_id) },
      "lb-ip",
    ),
    address,
    reverse: `${address.replaceAll(/[.:]/g, "-")}.lb.${regionOfZone(zone)}.scw.cloud`,
    ipv6,
  };
}
