/** Member of a pool: an address and a port, which need not exist yet. */
import { Refusal, type Values } from "../../protocol/model";
import { between } from "../checks";
import { isTrue, numberOf, stringOf } from "../values";
import type { Account } from "./account";
import { loadBalancerError } from "./errors";
import { changeLoadBalancer, parentPool } from "./load-balancer-state";
import { healthOf } from "./member-health";
import type { Member } from "./objects";
import type { Kind } from "./resource";

const PARENT_MESSAGE = "Unable to retrieve parent pool";

export function member(account: Account): Kind<Member> {
  const pathOf = ({ pool_id }: Values) => `v2.0/lbaas/pools/${stringOf(pool_id)}/members`;
  return {
    type: account.members.kind,
    objects: account.members,
    service: "load-balancer",
    path: "v2.0/lbaas/pools",
    messages: {
      create: () => "Error creating member",
      update: ({ id }) => `Unable to update member ${stringOf(id)}`,
      delete: ({ id }) => `Error deleting member ${stringOf(id)}`,
    },
    requests: {
      create: (state) => `POST ${pathOf(state)}`,
      update: (state) => `PUT ${pathOf(state)}/${stringOf(state.id)}`,
      delete: (state) => `DELETE ${pathOf(state)}/${stringOf(state.id)}`,
    },
    replacedBy: ["address", "protocol_port", "subnet_id", "pool_id"],
    defaults: { admin_state_up: true },
    checks: {
      values: {
        protocol_port: between(1, 65535),
        weight: between(0, 256),
        monitor_port: between(1, 65535),
      },
    },

    create(planned, call) {
      const pool = parentPool(
        account,
        stringOf(planned.pool_id) ?? "",
        call.region,
        PARENT_MESSAGE,
      );
      return changeLoadBalancer(account, pool.loadBalancer, call, () => {
        const address = stringOf(planned.address) ?? "";
        const port = numberOf(planned.protocol_port) ?? 0;
        const subnet = stringOf(planned.subnet_id) ?? "";
        if (subnet !== "" && account.subnets.get(subnet) === undefined)
          throw loadBalancerError(400, `Subnet ${subnet} not found.`);
        checkSingle(account, pool.id, address, port);
        const created: Member = {
          ...account.newObject(call.region, planned),
          pool: pool.id,
          address,
          port,
          subnet,
          ...settingsOf(planned),
          operatingStatus: "NO_MONITOR",
        };
        created.operatingStatus = healthOf(account, created).status;
        return account.members.put(created);
      });
    },

    show: (object) => ({
      pool_id: object.pool,
      address: object.address,
      protocol_port: object.port,
      subnet_id: object.subnet,
      weight: object.weight,
      backup: object.backup,
      monitor_address: object.monitorAddress,
      monitor_port: object.monitorPort,
    }),

    async update(object, planned, _prior, call) {
      const pool = parentPool(account, object.pool, call.region, PARENT_MESSAGE);
      await changeLoadBalancer(account, pool.loadBalancer, call, () => {
        Object.assign(object, settingsOf(planned));
      });
    },

    async delete(object, call) {
      const pool = parentPool(account, object.pool, call.region, PARENT_MESSAGE);
      await changeLoadBalancer(account, pool.loadBalancer, call, () => {
        account.members.remove(object.id);
      });
    },

    import(id): Values {
      const [pool_id, memberId, ...rest] = id.split("/");
      if (!pool_id || !memberId || rest.length > 0)
        throw new Refusal(
          "Invalid format specified for Member. Format must be <pool id>/<member id>",
        );
      return { id: memberId, pool_id };
    },
  };
}

function settingsOf(planned: Values) {
  return {
    weight: numberOf(planned.weight) ?? 1,
    backup: isTrue(planned.backup),
    monitorAddress: stringOf(planned.monitor_address) ?? "",
    monitorPort: numberOf(planned.monitor_port) ?? 0,
  };
}

function checkSingle(account: Account, pool: string, address: string, port: number): void {
  const isThere = account.members
    .all()
    .some((other) => other.pool === pool && other.address === address && other.port === port);
  if (isThere)
    throw loadBalancerError(
      409,
      `Another member on this pool is already using ip ${address} on protocol_port ${port}`,
    );
}
