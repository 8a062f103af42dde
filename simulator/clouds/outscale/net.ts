/**
 * Net: RFC 1918, /16 to /28. The API creates a main route table and a default security group with
 * it; they are in no state and are deleted with it. It can only be deleted when everything else in
 * it is gone.
 */
import { Refusal, type Diagnostic } from "../../protocol/model";
import { contains, parseSubnet, toAddress, toCidr } from "../addresses";
import { stringOf } from "../values";
import type { Account } from "./account";
import { conflict, invalidValue } from "./errors";
import type { Net } from "./objects";
import type { Kind } from "./resource";
import { contentOf } from "./topology";

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].flatMap(
  (cidr) => parseSubnet(cidr) ?? [],
);

/** Every new Net has the account's default one. */
const DHCP_OPTIONS_SET = "dopt-5d5d5d5d";

export function net(account: Account): Kind<Net> {
  return {
    type: "outscale_net",
    generation: "framework",
    title: "Net",
    replacedBy: ["ip_range"],
    replacedWhenKnown: ["tenancy"],
    keeps: ["id", "net_id"],
    validate: (config): Diagnostic[] =>
      config.tenancy === ""
        ? [
            {
              severity: "error",
              summary: "Invalid Attribute Value Match",
              detail: 'Attribute tenancy value must be none of: [""], got: ""',
              path: ["tenancy"],
            },
          ]
        : [],

    create(planned) {
      const ipRange = stringOf(planned.ip_range) ?? "";
      checkNetworkForm(ipRange);
      checkRange(ipRange);
      account.checkQuota("nets", account.nets.all().length);
      const created = account.nets.put({
        ...account.newObject("vpc"),
        ipRange,
        tenancy: stringOf(planned.tenancy) ?? "default",
      });
      account.routeTables.put({
        ...account.newObject("rtb"),
        net: created.id,
        isMain: true,
        routes: [{ destination: ipRange, target: {} }],
        links: [],
      });
      account.securityGroups.put({
        ...account.newObject("sg"),
        net: created.id,
        name: "default",
        description: "default security group",
        isDefault: true,
        inbound: [],
        outbound: [{ protocol: "-1", from: -1, to: -1, peer: { ipRange: "0.0.0.0/0" } }],
      });
      return created;
    },

    find: (state) => account.nets.get(stringOf(state.id) ?? ""),

    show: ({ id, ipRange, tenancy }) => ({
      id,
      net_id: id,
      ip_range: ipRange,
      tenancy,
      state: "available",
      dhcp_options_set_id: DHCP_OPTIONS_SET,
    }),

    update: () => undefined,

    delete(state) {
      const object = account.nets.find(stringOf(state.id) ?? "");
      const content = contentOf(account, object);
      if (content.length > 0)
        throw conflict(9029, `The Net ${object.id} still holds ${content.join(", ")}.`);
      for (const part of [account.routeTables, account.securityGroups])
        for (const { id, net: owner } of part.all()) if (owner === object.id) part.remove(id);
      account.nets.remove(object.id);
    },
  };
}

/** The provider's own check, before its API call. */
function checkNetworkForm(ipRange: string): void {
  const range = parseSubnet(ipRange);
  if (range === undefined)
    throw new Refusal("Unable to validate Net ip_range", `invalid CIDR address: ${ipRange}`);
  if (toCidr(range) !== ipRange)
    throw new Refusal(
      `Invalid net ip_range value: ${ipRange}`,
      `Error: ip_range value should be: ${toCidr(range)}`,
    );
}

function checkRange(ipRange: string): void {
  const range = parseSubnet(ipRange);
  if (range === undefined || range.prefix < 16 || range.prefix > 28)
    throw invalidValue(
      4014,
      `The provided value ('${ipRange}') for the parameter 'IpRange' is invalid. The block size has to be between /28 and /16.`,
    );
  const last = toAddress(range.first + range.size - 1);
  if (!PRIVATE_RANGES.some((one) => contains(one, toAddress(range.first)) && contains(one, last)))
    throw conflict(9050, `The IP range ${ipRange} is not a private one (RFC 1918).`);
}
