/**
 * Private NIC: attached to a running machine. With a booked address it has exactly that one;
 * without, an IPv6 and an IPv4 from IPAM, the IPv6 first.
 */
import type { CallContext, Values } from "../../protocol/model";
import type { Account } from "./account";
import { randomMac } from "./addresses";
import { DURATION, PRIVATE_NETWORKS_PER_INSTANCE } from "./catalogue";
import { badRequest, conflict, stillInUse, unparsableId } from "./errors";
import { bareId } from "./ids";
import { attachBooked, detach, networkFrom, takeAddress } from "./ipam";
import type { Attachment, PrivateNic, Server } from "./objects";
import { sameId } from "./planning";
import { type Kind } from "./resource";
import { stringOf, stringsOf } from "../values";

export function privateNic(account: Account): Kind<PrivateNic> {
  return {
    objects: account.nics,
    locality: "zone",
    product: "instance",
    shortName: "nic",
    replacedBy: ["server_id", "private_network_id", "ipam_ip_ids", "ip_ids"],
    equal: { private_network_id: sameId },
    computedBlocks: ["private_ips"],
    sameLocality: ["server_id", "private_network_id"],

    async create(planned, zone, context) {
      const server = account.servers.find(stringOf(planned.server_id) ?? "", zone);
      await account.awaitReady(server, "server", context);
      const network = stringOf(planned.private_network_id) ?? "";
      return newNic(
        account,
        server,
        network,
        stringsOf(planned.ipam_ip_ids),
        stringsOf(planned.tags),
      );
    },

    finish: (object, _planned, context) => account.settle(object, DURATION.nicAvailable, context),

    show: (object) => ({
      server_id: object.server,
      private_network_id: object.privateNetwork,
      mac_address: object.macAddress,
      private_ips: shownAddresses(account, object),
    }),

    update: () => undefined,

    async delete(object, context) {
      await account.awaitReady(object, "private_nic", context);
      if (account.limits.refuseAttachedNicDeletion)
        throw stillInUse("Can't delete a private network interface attached to a server");
      await account.settle(object, DURATION.nicDeleted, context);
      removeNic(account, object);
    },

    stateId: (object) => `${object.locality}/${bareId(object.server)}/${bareId(object.id)}`,
    objectId(stateId) {
      const [zone, server, nic, ...rest] = stateId.split("/");
      if (!zone || !server || !nic || rest.length > 0) throw unparsableId(stateId);
      return `${zone}/${nic}`;
    },
  };
}

/** Attaches one and waits for it, as the inline block of a server does. */
export async function plugIn(
  account: Account,
  server: Server,
  network: string,
  reserved: readonly string[],
  context: CallContext,
): Promise<void> {
  const nic = account.nics.put(newNic(account, server, network, reserved, []));
  await account.settle(nic, DURATION.nicAvailable, context);
}

function newNic(
  account: Account,
  server: Server,
  networkReference: string,
  reserved: readonly string[],
  tags: string[],
): PrivateNic {
  account.checkQuota("scaleway_instance_private_nic", account.nics.all().length);
  const network = networkFrom(account, networkReference, server.locality);
  const others = account.nics.all().filter((nic) => nic.server === server.id);
  if (others.some((nic) => nic.privateNetwork === network.id))
    throw conflict("server is already attached to this Private Network");
  if (others.length >= PRIVATE_NETWORKS_PER_INSTANCE)
    throw badRequest(`a server has ${PRIVATE_NETWORKS_PER_INSTANCE} Private Networks at most`);

  const base = account.newObject(server.locality, { name: "", tags }, "nic");
  const macAddress = randomMac();
  const attachment: Attachment = {
    type: "instance_private_nic",
    id: bareId(base.id),
    name: server.name,
    macAddress: macAddress.toUpperCase(),
  };
  const booked = reserved.map((id) => attachBooked(account, id, network, attachment));
  const given =
    booked.length > 0
      ? booked
      : [true, false].map((ipv6) => {
          const ip = takeAddress(account, network, { ipv6, booked: false });
          ip.attachment = attachment;
          return ip;
        });
  return {
    ...base,
    server: server.id,
    privateNetwork: network.id,
    macAddress,
    ipamIps: given.map(({ id }) => id),
  };
}

/** Detaches it; a booked address is kept. */
export function removeNic(account: Account, nic: PrivateNic): void {
  detach(account, nic.ipamIps);
  account.nics.remove(nic.id);
}

export function shownAddresses(account: Account, nic: PrivateNic): Values[] {
  return nic.ipamIps.flatMap((id) => {
    const ip = account.privateIps.get(id);
    return ip ? [{ id: ip.id, address: ip.address }] : [];
  });
}
