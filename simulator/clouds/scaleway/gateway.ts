/**
 * Public gateway and its address. Deleting an address that is still attached is only a warning, and
 * removes it from the state: it leaks, and is still billed.
 */
import type { Account } from "./account";
import { DURATION, GATEWAY_TYPES } from "./catalogue";
import type { Check } from "../checks";
import { conflict, invalidArgument, stillInUse } from "./errors";
import type { Gateway, PublicIp } from "./objects";
import { sameId } from "./planning";
import { sameIgnoringCase } from "../sdkv2";
import { type Kind } from "./resource";
import { isTrue, isZero, numberOf, stringOf, stringsOf } from "../values";
import type { Values } from "../../protocol/model";

export function gatewayIp(account: Account): Kind<PublicIp> {
  return {
    objects: account.gatewayIps,
    locality: "zone",
    product: "gateway",
    shortName: "ip",
    create: (planned, zone) => newGatewayIp(account, planned, zone),
    show: ({ address, reverse }, given) => ({
      address,
      reverse: stringOf(given.reverse) ?? reverse,
    }),
    outlives(object, context) {
      if (object.attachedTo === undefined) return false;
      context.warn(stillInUse("IP is still attached to a gateway").summary);
      return true;
    },
    delete: () => undefined,
  };
}

const DEFAULT_BASTION_PORT = 61000;

const bastionPort: Check = (value) => {
  const port = numberOf(value) ?? NaN;
  return (port >= 1024 && port <= 59999) || port === DEFAULT_BASTION_PORT
    ? undefined
    : {
        summary: `expected bastion_port to be in the range (1024 - 59999) or default 61000, got ${port}`,
      };
};

export function gateway(account: Account): Kind<Gateway> {
  return {
    objects: account.gateways,
    locality: "zone",
    product: "gateway",
    shortName: "gw",
    replacedBy: ["ip_id"],
    equal: { ip_id: sameId, type: sameIgnoringCase },
    checks: { values: { bastion_port: bastionPort } },

    create(planned, zone) {
      account.checkQuota("scaleway_vpc_public_gateway", account.gateways.all().length);
      const type = knownType(stringOf(planned.type));
      const reference = stringOf(planned.ip_id);
      // Without one the API assigns an address of its own, which nothing deletes.
      const ip =
        reference === undefined
          ? account.gatewayIps.put(newGatewayIp(account, {}, zone))
          : account.gatewayIps.find(reference, zone);
      if (ip.attachedTo !== undefined) throw conflict("IP is already attached to a gateway");
      const base = account.newObject(
        zone,
        {
          name: stringOf(planned.name),
          tags: stringsOf(planned.tags),
          projectId: stringOf(planned.project_id),
        },
        "gw",
      );
      ip.attachedTo = base.id;
      account.touch(ip);
      return { ...base, ip: ip.id, type, ...settingsOf(planned) };
    },

    finish: (object, _planned, context) => account.settle(object, DURATION.gatewayReady, context),

    show(object, given) {
      return {
        type: stringOf(given.type) ?? object.type,
        ip_id: object.ip,
        bastion_enabled: object.bastionEnabled,
        bastion_port: object.bastionPort,
        enable_smtp: object.smtpEnabled,
        allowed_ip_ranges: object.allowedIpRanges,
        bandwidth: GATEWAY_TYPES[object.type] ?? 0,
        status: account.isReady(object) ? "running" : "configuring",
        upstream_dns_servers: null,
      };
    },

    async update(object, planned, _prior, context) {
      const type = knownType(stringOf(planned.type));
      await account.awaitReady(object, "gateway", context);
      Object.assign(object, settingsOf(planned));
      if (type === object.type) return;
      object.type = type;
      await account.settle(object, DURATION.gatewayReady, context);
    },

    async delete(object, context) {
      await account.awaitReady(object, "gateway", context);
      if (account.gatewayNetworks.all().some((network) => network.gateway === object.id))
        throw stillInUse("gateway is still attached to a Private Network");
      await account.settle(object, DURATION.gatewayDeleted, context);
      const ip = account.gatewayIps.get(object.ip);
      if (ip !== undefined) {
        delete ip.attachedTo;
        account.touch(ip);
      }
    },
  };
}

function newGatewayIp(account: Account, planned: Values, zone: string): PublicIp {
  const address = account.takePublicAddress();
  return {
    ...account.newObject(
      zone,
      { name: "", tags: stringsOf(planned.tags), projectId: stringOf(planned.project_id) },
      "ip",
    ),
    address,
    reverse: `${address.split(".").reverse().join("-")}.instances.scw.cloud`,
    ipv6: false,
  };
}

function knownType(type: string | undefined): string {
  const upper = (type ?? "").toUpperCase();
  if (!(upper in GATEWAY_TYPES))
    throw invalidArgument("type", "constraint", `unknown gateway type ${type}`);
  return upper;
}

function settingsOf(planned: Values) {
  const ranges = stringsOf(planned.allowed_ip_ranges);
  return {
    bastionEnabled: isTrue(planned.bastion_enabled),
    bastionPort: isZero(planned.bastion_port)
      ? DEFAULT_BASTION_PORT
      : (numberOf(planned.bastion_port) ?? DEFAULT_BASTION_PORT),
    smtpEnabled: isTrue(planned.enable_smtp),
    allowedIpRanges: ranges.length > 0 ? ranges : ["0.0.0.0/0"],
  };
}
