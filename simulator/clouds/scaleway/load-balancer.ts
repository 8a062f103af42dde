/**
 * Load balancer and its address. An attachment is known by its private network
 * alone: the provider does not see a change of `ipam_ids`. Deleting one
 * detaches it, and keeps its address.
 */
import type { CallContext, PlannedChange, Value, Values } from "../../protocol/model";
import { Refusal, isUnknown } from "../../protocol/model";
import type { Account } from "./account";
import { DURATION, LOAD_BALANCER_TYPES } from "./catalogue";
import { localizedUuid, oneOf } from "./checks";
import { conflict, invalidArgument, stillInUse } from "./errors";
import { bareId, isRefusal, parseLocalizedId, regionOfZone } from "./ids";
import { attachBooked, detach, networkFrom, takeAddress } from "./ipam";
import type { Attachment, LoadBalancer, PublicIp } from "./objects";
import { sameId, sameIgnoringCase, type Equality } from "./planning";
import { type Kind } from "./resource";
import { blocksOf, isTrue, listOf, textOf, textsOf } from "./values";

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
      reverse: textOf(given.reverse) ?? object.reverse,
      is_ipv6: object.ipv6,
      lb_id: object.attachedTo ?? "",
      region: regionOfZone(object.locality),
    }),
    delete(object) {
      if (object.attachedTo !== undefined) throw stillInUse("IP is attached to a Load Balancer");
    },
  };
}

/** `ip_ids` is compared as text: the same set in another order is no change. */
const sameSet: Equality = (a, b) => [...textsOf(a)].sort().join() === [...textsOf(b)].sort().join();

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
      const type = knownType(textOf(planned.type));
      const base = account.newObject(
        zone,
        {
          name: textOf(planned.name),
          tags: textsOf(planned.tags),
          projectId: textOf(planned.project_id),
        },
        "lb",
      );
      return {
        ...base,
        type,
        description: textOf(planned.description) ?? "",
        sslCompatibilityLevel: textOf(planned.ssl_compatibility_level) ?? "",
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
      const type = knownType(textOf(planned.type));
      object.description = textOf(planned.description) ?? "";
      object.sslCompatibilityLevel = textOf(planned.ssl_compatibility_level) ?? "";
      if (type !== object.type) {
        object.type = type;
        await account.settle(object, DURATION.loadBalancerReady, context);
      }
      for (const id of textsOf(planned.ip_ids))
        if (!textsOf(prior.ip_ids).includes(id)) takeIp(account, object, id);
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

/**
 * Removing one of `ip_ids` replaces the load balancer; they are compared as text, so that a bare
 * uuid counts as removed. Attachments are compared by network: a new `ipam_ids` is no change.
 */
function planLoadBalancer({ prior, planned, replacedBy }: PlannedChange): void {
  for (const block of blocksOf(planned.private_network))
    for (const name of ["ipam_ids", "status", "zone", "dhcp_config", "static_config"])
      block[name] ??= attachmentIn(prior, block.private_network_id ?? null)?.[name] ?? null;
  if (prior === null) return;
  if (!isUnknown(planned.ip_ids ?? null)) {
    const kept = listOf(planned.ip_ids);
    const removed = textsOf(prior.ip_ids).some((id) => !kept.includes(id));
    if (removed && kept.length > 0) replacedBy.push(["ip_ids"]);
  }
  if (isTrue(prior.assign_flexible_ipv6) && !isTrue(planned.assign_flexible_ipv6))
    replacedBy.push(["assign_flexible_ipv6"]);
  planned.private_network = sameAttachments(prior, planned)
    ? (prior.private_network ?? [])
    : (planned.private_network ?? []);
}

function attachmentIn(prior: Values | null, network: Value): Values | undefined {
  return blocksOf(prior?.private_network).find((block) =>
    sameId(block.private_network_id ?? null, network),
  );
}

/** An address that is not known yet makes the whole block look changed. */
function sameAttachments(prior: Values, planned: Values): boolean {
  if (isUnknown(planned.private_network ?? null)) return false;
  const before = blocksOf(prior.private_network);
  const after = blocksOf(planned.private_network);
  return (
    before.length === after.length &&
    after.every(
      (block) =>
        attachmentIn(prior, block.private_network_id ?? null) !== undefined &&
        !isUnknown(block.ipam_ids ?? null) &&
        !listOf(block.ipam_ids).some(isUnknown),
    )
  );
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

async function changeAttachments(
  account: Account,
  object: LoadBalancer,
  planned: Values,
  context: CallContext,
): Promise<void> {
  const wanted = blocksOf(planned.private_network);
  const has = (network: string) =>
    wanted.some((block) => sameId(block.private_network_id ?? null, network));
  const leaving = object.attachments.filter(({ privateNetwork }) => !has(privateNetwork));
  object.attachments = object.attachments.filter(({ privateNetwork }) => has(privateNetwork));
  detach(
    account,
    leaving.map(({ ipamIp }) => ipamIp),
  );
  for (const block of wanted)
    if (
      !object.attachments.some(({ privateNetwork }) =>
        sameId(block.private_network_id ?? null, privateNetwork),
      )
    )
      await attach(account, object, block, context);
}

/** @throws Refusal as the provider has it, when the address cannot be given. */
async function attach(
  account: Account,
  object: LoadBalancer,
  block: Values,
  context: CallContext,
): Promise<void> {
  const network = networkFrom(account, textOf(block.private_network_id) ?? "", object.locality);
  const attachment: Attachment = {
    type: "lb_server",
    id: bareId(object.id),
    name: object.name,
    macAddress: undefined,
  };
  const reference = textsOf(block.ipam_ids)[0];
  try {
    const ip =
      reference === undefined
        ? takeAddress(account, network, { booked: false })
        : attachBooked(account, reference, network, attachment);
    ip.attachment = attachment;
    object.attachments.push({ privateNetwork: network.id, ipamIp: ip.id });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new Refusal(
      `attaching private network with id: ${bareId(network.id)} on error state. please check your config`,
      error.summary,
    );
  }
  await account.settle(object, DURATION.loadBalancerAttached, context);
}

function takeIps(account: Account, planned: Values, zone: string, owner: string): string[] {
  const chosen = textOf(planned.ip_id);
  const references = textsOf(planned.ip_ids);
  if (references.length === 0 && chosen !== undefined) references.push(chosen);
  if (references.length === 0) {
    if (planned.assign_flexible_ip === false) return [];
    const ip = account.loadBalancerIps.put(newIp(account, {}, zone));
    references.push(ip.id);
  }
  return references.map((reference) => claimIp(account, reference, zone, owner).id);
}

function takeIp(account: Account, object: LoadBalancer, reference: string): void {
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
      { name: "", tags: textsOf(planned.tags), projectId: textOf(planned.project_id) },
      "lb-ip",
    ),
    address,
    reverse: `${address.replaceAll(/[.:]/g, "-")}.lb.${regionOfZone(zone)}.scw.cloud`,
    ipv6,
  };
}

/** Upper case in the state, whatever was written. */
function knownType(type: string | undefined): string {
  const known = LOAD_BALANCER_TYPES.find((name) => name === type?.toUpperCase());
  if (known === undefined)
    throw invalidArgument("type", "constraint", `unknown Load Balancer type ${type}`);
  return known;
}
