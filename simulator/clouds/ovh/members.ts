/** All members of a pool as one resource, whose id is the pool's: only read and import are modelled. */
import { Refusal } from "../../protocol/model";
import type { Account } from "./account";
import type { Pool } from "./objects";
import type { Kind } from "./resource";

export function members(account: Account): Kind<Pool> {
  return {
    type: "openstack_lb_members_v2",
    objects: account.pools,
    service: "load-balancer",
    path: "v2.0/lbaas/pools",

    create() {
      throw new Refusal("The simulated cloud changes a pool's members one by one.");
    },

    show: ({ id }) => ({
      pool_id: id,
      member: account.members
        .all()
        .filter(({ pool }) => pool === id)
        .map((one) => ({
          id: one.id,
          name: one.name,
          address: one.address,
          protocol_port: one.port,
          subnet_id: one.subnet,
          weight: one.weight,
          admin_state_up: one.adminStateUp,
          backup: one.backup,
          monitor_address: one.monitorAddress,
          monitor_port: one.monitorPort,
        })),
    }),

    delete() {
      throw new Refusal("The simulated cloud changes a pool's members one by one.");
    },
  };
}
