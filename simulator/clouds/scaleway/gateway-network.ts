/**
 * Gateway network: a public gateway's interface in a private network. DHCP offers a default route
 * only with `push_default_route`; the gateway translates traffic that arrives there only with
 * `enable_masquerade`.
 */
import type { Account } from "./account";
import { randomMac } from "./addresses";
import { DURATION } from "./catalogue";
import { localizedUuid } from "./checks";
import { conflict } from "./errors";
import { bareId } from "./ids";
import { attachBooked, detach, networkFrom, takeAddress } from "./ipam";
import type { Attachment, GatewayNetwork, PrivateNetwork } from "./objects";
import { sameId } from "./planning";
import { type Kind } from "./resource";
import { blockOf, isTrue, stringOf } from "../values";

export function gatewayNetwork(account: Account): Kind<GatewayNetwork> {
  return {
    objects: account.gatewayNetworks,
    locality: "zone",
    product: "gateway",
    shortName: "gn",
    replacedBy: ["gateway_id", "private_network_id"],
    defaults: { enable_masquerade: true },
    equal: { private_network_id: sameId, "ipam_config.ipam_ip_id": sameId },
    computedBlocks: ["ipam_config", "private_ip"],
    checks: {
      values: { gateway_id: localizedUuid, private_network_id: localizedUuid },
      conflicts: [
        ["static_address", "ipam_config"],
        ["dhcp_id", "ipam_config"],
        ["dhcp_id", "static_address"],
      ],
    },

    async create(planned, zone, context) {
      const gateway = account.gateways.find(stringOf(planned.gateway_id) ?? "", zone);
      await account.awaitReady(gateway, "gateway", context);
      const network = networkFrom(account, stringOf(planned.private_network_id) ?? "", zone);
      const siblings = account.gatewayNetworks.all().filter(({ gateway: id }) => id === gateway.id);
      if (siblings.some(({ privateNetwork }) => privateNetwork === network.id))
        throw conflict("gateway is already attached to this Private Network");
      const base = account.newObject(zone, { name: "" }, "gn");
      const macAddress = randomMac().toUpperCase();
      const config = blockOf(planned.ipam_config);
      return {
        ...base,
        readyAt: account.after(DURATION.gatewayNetworkReady),
        gateway: gateway.id,
        privateNetwork: network.id,
        ipamIp: addressFor(account, network, stringOf(config?.ipam_ip_id), {
          type: "vpc_gateway_network",
          id: bareId(base.id),
          name: gateway.name,
          macAddress,
        }),
        macAddress,
        masquerade: isTrue(planned.enable_masquerade),
        pushDefaultRoute: isTrue(config?.push_default_route),
      };
    },

    async finish(object, _planned, context) {
      await account.settle(object, DURATION.gatewayNetworkReady, context);
      object.readySequence = account.nextSequence();
      account.world.store.save();
    },

    show(object) {
      const ip = account.privateIps.get(object.ipamIp);
      return {
        gateway_id: object.gateway,
        private_network_id: object.privateNetwork,
        enable_masquerade: object.masquerade,
        ipam_config: [
          { push_default_route: object.pushDefaultRoute, ipam_ip_id: bareId(object.ipamIp) },
        ],
        mac_address: object.macAddress,
        private_ip: ip ? [{ id: ip.id, address: ip.address }] : [],
        status: account.isReady(object) ? "ready" : "configuring",
      };
    },

    async update(object, planned, _prior, context) {
      const config = blockOf(planned.ipam_config);
      const wanted = stringOf(config?.ipam_ip_id);
      object.masquerade = isTrue(planned.enable_masquerade);
      object.pushDefaultRoute = isTrue(config?.push_default_route);
      if (wanted !== undefined && bareId(wanted) !== bareId(object.ipamIp)) {
        const network = networkFrom(account, object.privateNetwork, object.locality);
        const before = object.ipamIp;
        object.ipamIp = addressFor(account, network, wanted, {
          type: "vpc_gateway_network",
          id: bareId(object.id),
          name: account.gateways.get(object.gateway)?.name ?? "",
          macAddress: object.macAddress,
        });
        detach(account, [before]);
      }
      await account.settle(object, DURATION.gatewayNetworkReady, context);
      object.readySequence = account.nextSequence();
    },

    async delete(object, context) {
      await account.awaitReady(object, "gateway_network", context);
      await account.settle(object, DURATION.gatewayNetworkDeleted, context);
      detach(account, [object.ipamIp]);
    },
  };
}

/** The booked address, or one from IPAM. */
function addressFor(
  account: Account,
  network: PrivateNetwork,
  reference: string | undefined,
  attachment: Attachment,
): string {
  if (reference !== undefined) return attachBooked(account, reference, network, attachment).id;
  const ip = takeAddress(account, network, { booked: false });
  ip.attachment = attachment;
  account.touch(ip);
  return ip.id;
}
