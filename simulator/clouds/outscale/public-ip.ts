/**
 * Public IP, for one use at a time: a machine's NIC, a NAT service or a load balancer. Its deletion
 * first unlinks it from a machine; when that link is gone by then, the provider returns without
 * releasing the address, which is then in no state (a leak).
 */
import type { CallContext, Values } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { conflict, isCode, notFound, reported } from "./errors";
import type { PublicIp } from "./objects";
import type { Kind } from "./resource";

/** Between two requests: the SDK limits itself to five per second. */
const PAUSE = 200;

export function publicIp(account: Account): Kind<PublicIp> {
  return {
    type: "outscale_public_ip",
    generation: "framework",
    title: "Public IP",
    // Not public_ip: any update of the resource makes the address unknown.
    keeps: ["id", "public_ip_id"],

    create() {
      account.checkQuota("publicIps", account.publicIps.all().length);
      return account.publicIps.put({
        ...account.newObject("eipalloc"),
        address: account.takePublicAddress(),
      });
    },

    find: (state) => account.publicIps.get(stringOf(state.id) ?? ""),

    show: (object) => ({
      id: object.id,
      public_ip_id: object.id,
      public_ip: object.address,
      ...shownLink(account, object),
    }),

    update: () => undefined,
    delete: (state, context) => release(account, state, context),
  };
}

/** What a link to a machine shows on both ends; empty strings without one. */
export function shownLink(account: Account, { link }: PublicIp): Values {
  return {
    link_public_ip_id: link?.id ?? "",
    vm_id: link?.vm ?? "",
    nic_id: (link && account.vms.get(link.vm)?.nic) ?? "",
    nic_account_id: link === undefined ? "" : account.id,
    private_ip: link?.privateIp ?? "",
  };
}

async function release(account: Account, state: Values, context: CallContext): Promise<void> {
  const id = stringOf(state.id) ?? "";
  const link = account.publicIps.get(id)?.link;
  if (account.publicIps.get(id) === undefined) return;
  if (link !== undefined) {
    await context.wait(PAUSE);
    try {
      unlinkPublicIp(account, link.id);
    } catch (error) {
      if (isCode(error, [5026])) return;
      throw reported("Unable to unlink Public IP from VM or NIC", error);
    }
  }
  const object = account.publicIps.find(id);
  const holder = holderOf(account, object);
  if (holder !== undefined)
    throw conflict(9031, `The public IP ${object.address} is in use by ${holder}.`);
  account.publicIps.remove(id);
}

/** @throws ApiError 5026 when there is no such link. */
export function unlinkPublicIp(account: Account, link: string): void {
  const ip = account.publicIps.all().find((one) => one.link?.id === link);
  if (ip === undefined) throw notFound("publicIpLink", link);
  delete ip.link;
  account.save();
}

/** What uses an address, if anything. */
export function holderOf(account: Account, { id, address, link }: PublicIp): string | undefined {
  return (
    link?.vm ??
    account.natServices.all().find((nat) => nat.publicIp === id)?.id ??
    account.loadBalancers.all().find(({ publicAddress }) => publicAddress === address)?.id
  );
}
