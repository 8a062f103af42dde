/** How a load balancer is attached to private networks, and what the provider plans for it. */
import {
  Refusal,
  isUnknown,
  type CallContext,
  type PlannedChange,
  type Value,
  type Values,
} from "../../protocol/model";
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { bareId, isRefusal } from "./ids";
import { attachBooked, detach, networkFrom, takeAddress } from "./ipam";
import type { Attachment, LoadBalancer } from "./objects";
import { sameId } from "./planning";
import { blocksOf, isTrue, listOf, stringOf, stringsOf } from "../values";

/**
 * Removing one of `ip_ids` replaces the load balancer; they are compared as strings, so a bare uuid
 * counts as removed. Attachments are compared by network: a new `ipam_ids` is no change.
 */
export function planLoadBalancer({ prior, planned, replacedBy }: PlannedChange): void {
  for (const block of blocksOf(planned.private_network))
    for (const name of ["ipam_ids", "status", "zone", "dhcp_config", "static_config"])
      block[name] ??= attachmentIn(prior, block.private_network_id ?? null)?.[name] ?? null;
  if (prior === null) return;
  if (!isUnknown(planned.ip_ids ?? null)) {
    const kept = listOf(planned.ip_ids);
    const removed = stringsOf(prior.ip_ids).some((id) => !kept.includes(id));
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

/** An unknown address makes the whole block look changed. */
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

/** Detaches from networks that are no longer configured, then attaches to the new ones. */
export async function changeAttachments(
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

/** @throws Refusal with the provider's message when the address cannot be assigned. */
export async function attach(
  account: Account,
  object: LoadBalancer,
  block: Values,
  context: CallContext,
): Promise<void> {
  const network = networkFrom(account, stringOf(block.private_network_id) ?? "", object.locality);
  const attachment: Attachment = {
    type: "lb_server",
    id: bareId(object.id),
    name: object.name,
    macAddress: undefined,
  };
  const reference = stringsOf(block.ipam_ids)[0];
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
