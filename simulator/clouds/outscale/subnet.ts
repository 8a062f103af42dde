/**
 * Subnet: a part of its Net, in one subregion that cannot change. The first four addresses and the
 * last one are reserved. Its deletion is retried while anything is in it (9095).
 */
import { contains, overlap, parseSubnet, toAddress, toCidr } from "../addresses";
import { isTrue, stringOf } from "../values";
import type { Account } from "./account";
import { DURATION, RESERVED_FIRST, TIMEOUT } from "./catalogue";
import { conflict, invalidResource, invalidValue } from "./errors";
import type { Net, Subnet } from "./objects";
import type { Kind } from "./resource";
import { timeoutOf } from "./timeouts";
import { sizeOf, usersOf } from "./topology";

const FULLY_DESTROYED = "Applying this resource destruction will fully destroy this resource.";

export function subnet(account: Account): Kind<Subnet> {
  return {
    type: "outscale_subnet",
    generation: "framework",
    title: "Subnet",
    replacedBy: ["net_id", "ip_range"],
    replacedWhenKnown: ["subregion_name"],
    keeps: ["id", "subnet_id"],
    defaults: { map_public_ip_on_launch: false },
    destruction: FULLY_DESTROYED,

    create(planned) {
      const owner = account.nets.find(stringOf(planned.net_id) ?? "");
      const ipRange = stringOf(planned.ip_range) ?? "";
      checkRange(account, owner, ipRange);
      const subregion = stringOf(planned.subregion_name) ?? account.firstSubregion;
      checkSubregion(account, subregion);
      return account.subnets.put({
        ...account.newObject("subnet"),
        net: owner.id,
        ipRange,
        subregion,
        mapPublicIpOnLaunch: isTrue(planned.map_public_ip_on_launch),
      });
    },

    finish: (object, _planned, context) => account.settle(object, DURATION.subnetReady, context),

    find: (state) => account.subnets.get(stringOf(state.id) ?? ""),

    show: (object) => ({
      id: object.id,
      subnet_id: object.id,
      net_id: object.net,
      ip_range: object.ipRange,
      subregion_name: object.subregion,
      map_public_ip_on_launch: object.mapPublicIpOnLaunch,
      state: account.isReady(object) ? "available" : "pending",
      available_ips_count: sizeOf(object) - RESERVED_FIRST - 1 - usersOf(account, object.id).length,
    }),

    update(object, planned) {
      object.mapPublicIpOnLaunch = isTrue(planned.map_public_ip_on_launch);
    },

    delete: (state, context) =>
      account.retry([9095], timeoutOf(state, "delete", TIMEOUT.delete), context, () => {
        const object = account.subnets.find(stringOf(state.id) ?? "");
        const users = usersOf(account, object.id);
        if (users.length > 0)
          throw conflict(9095, `The subnet ${object.id} is in use by ${users.join(", ")}.`);
        for (const table of account.routeTables.all())
          table.links = table.links.filter((link) => link.subnet !== object.id);
        account.subnets.remove(object.id);
      }),
  };
}

function checkRange(account: Account, owner: Net, ipRange: string): void {
  const range = parseSubnet(ipRange);
  const whole = parseSubnet(owner.ipRange);
  if (range === undefined || whole === undefined || toCidr(range) !== ipRange)
    throw invalidValue(4047, `The value ${ipRange} of IpRange is not a network in CIDR notation.`);
  if (range.prefix < 16 || range.prefix > 29)
    throw invalidValue(4014, `The size of ${ipRange} is not between /16 and /29.`);
  const last = toAddress(range.first + range.size - 1);
  if (!contains(whole, toAddress(range.first)) || !contains(whole, last))
    throw invalidValue(4047, `The subnet ${ipRange} is not in the Net's ${owner.ipRange}.`);
  const other = account.subnets
    .all()
    .filter((sibling) => sibling.net === owner.id)
    .find((sibling) => {
      const taken = parseSubnet(sibling.ipRange);
      return taken !== undefined && overlap(taken, range);
    });
  if (other !== undefined)
    throw conflict(9058, `The subnet ${ipRange} overlaps ${other.id} (${other.ipRange}).`);
}

/** @throws ApiError 5009 unless it is a subregion of this account in this region. */
function checkSubregion(account: Account, subregion: string): void {
  const known = account.limits.subregions.map((letter) => `${account.region}${letter}`);
  if (!known.includes(subregion))
    throw invalidResource(
      5009,
      `The subregion ${subregion} does not exist. There is ${known.join(", ")}.`,
    );
}
