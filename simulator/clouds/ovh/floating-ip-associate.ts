/**
 * Association of a Floating IP with a port: no object of its own. Destroying it leaves the address
 * as it was before.
 */
import { Refusal } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { associate, disassociate, shownAssociation } from "./floating-ip";
import type { FloatingIp } from "./objects";
import { changes, type Kind } from "./resource";

export function floatingIpAssociate(account: Account): Kind<FloatingIp> {
  const type = "openstack_networking_floatingip_associate_v2";
  const idOf = (address: string) =>
    account.floatingIps.all().find((ip) => ip.address === address)?.id ?? "";
  const pairOf = (address: string, port: string) =>
    `${type} floating_ip ${idOf(address)} with port ${port}`;
  return {
    type,
    objects: account.floatingIps,
    service: "network",
    path: "v2.0/floatingips",
    messages: {
      create: ({ floating_ip, port_id }) =>
        `Error associating ${pairOf(stringOf(floating_ip) ?? "", stringOf(port_id) ?? "")}`,
      delete: ({ floating_ip, port_id }) =>
        `Error disassociating ${pairOf(stringOf(floating_ip) ?? "", stringOf(port_id) ?? "")}`,
    },
    requests: {
      create: ({ floating_ip }) => `PUT v2.0/floatingips/${idOf(stringOf(floating_ip) ?? "")}`,
      delete: ({ id }) => `PUT v2.0/floatingips/${stringOf(id)}`,
    },
    replacedBy: ["floating_ip"],

    create(planned, { region }) {
      const address = stringOf(planned.floating_ip) ?? "";
      const ip = account.floatingIps
        .all()
        .find((one) => one.region === region && one.address === address);
      if (ip === undefined)
        throw new Refusal(
          `Unable to get ID of ${type} floating_ip ${address}: there are no openstack_networking_floatingip_v2 with ${address} IP`,
        );
      associate(account, ip, stringOf(planned.port_id) ?? "", stringOf(planned.fixed_ip));
      return ip;
    },

    show: shownAssociation,

    update(object, planned, prior) {
      const fixedIp = changes(planned, prior, "fixed_ip") ? stringOf(planned.fixed_ip) : undefined;
      associate(account, object, stringOf(planned.port_id) ?? "", fixedIp);
    },

    delete(object) {
      disassociate(object);
      account.touch(object);
    },
  };
}
