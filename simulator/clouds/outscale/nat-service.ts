/**
 * NAT service: in a public subnet, with a public IP that cannot change. While its subnet is not
 * public the API answers 9045 and the provider retries until its timeout. Routes to a deleted one
 * stay, and lead nowhere.
 */
import { stringOf } from "../values";
import type { Account } from "./account";
import { DURATION, TIMEOUT } from "./catalogue";
import { conflict } from "./errors";
import type { NatService } from "./objects";
import { holderOf } from "./public-ip";
import type { Kind } from "./resource";
import { timeoutOf } from "./timeouts";
import { isPublic } from "./topology";

export function natService(account: Account): Kind<NatService> {
  return {
    type: "outscale_nat_service",
    generation: "framework",
    title: "NAT Service",
    replacedBy: ["subnet_id", "public_ip_id"],
    keeps: ["id", "nat_service_id", "net_id"],

    create: (planned, context) =>
      account.retry([9045], timeoutOf(planned, "create", TIMEOUT.create), context, () => {
        const ip = account.publicIps.find(stringOf(planned.public_ip_id) ?? "");
        const subnet = account.subnets.find(stringOf(planned.subnet_id) ?? "");
        const holder = holderOf(account, ip);
        if (holder !== undefined)
          throw conflict(9029, `The public IP ${ip.address} is in use by ${holder}.`);
        if (!isPublic(account, subnet))
          throw conflict(9045, `The subnet ${subnet.id} has no route to an internet service.`);
        return account.natServices.put({
          ...account.newObject("nat"),
          net: subnet.net,
          subnet: subnet.id,
          publicIp: ip.id,
        });
      }),

    finish: (object, _planned, context) => account.settle(object, DURATION.natReady, context),

    find: (state) => account.natServices.get(stringOf(state.id) ?? ""),

    show: (object) => ({
      id: object.id,
      nat_service_id: object.id,
      net_id: object.net,
      subnet_id: object.subnet,
      public_ip_id: object.publicIp,
      public_ips: [
        {
          public_ip: account.publicIps.get(object.publicIp)?.address ?? "",
          public_ip_id: object.publicIp,
        },
      ],
      state: account.isReady(object) ? "available" : "pending",
    }),

    update: () => undefined,

    async delete(state, context) {
      const object = account.natServices.find(stringOf(state.id) ?? "");
      await account.vanish(object, DURATION.natDeleted, context, () => {
        account.natServices.remove(object.id);
      });
    },
  };
}
