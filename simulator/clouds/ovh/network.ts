/**
 * Private network: a VLAN of the project's vRack, chosen by the cloud. It can only be deleted when
 * nothing is left on it; the provider does not retry a refusal.
 */
import type { Values } from "../../protocol/model";
import { isTrue, numberOf, stringOf } from "../values";
import type { Account } from "./account";
import { DEFAULT_MTU } from "./catalogue";
import { domainName } from "./checks";
import { disallowed, networkError, overQuota } from "./errors";
import type { Network } from "./objects";
import { isOwnTraffic } from "./port";
import type { Kind } from "./resource";

export function network(account: Account): Kind<Network> {
  return {
    type: account.networks.kind,
    objects: account.networks,
    service: "network",
    path: "v2.0/networks",
    replacedBy: ["availability_zone_hints", "transparent_vlan"],
    computedBlocks: ["segments"],
    checks: { values: { dns_domain: domainName } },

    create(planned, { region }) {
      if (isTrue(planned.external))
        throw disallowed("(rule:create_network and rule:create_network:router:external)");
      if (isTrue(planned.shared))
        throw disallowed("(rule:create_network and rule:create_network:shared)");
      if (account.count(account.networks, region) >= account.limits.quotas.networks)
        throw overQuota("network");
      return {
        ...account.newObject(region, planned),
        ...settingsOf(planned),
        segments: [
          { networkType: "vrack", physicalNetwork: "", segmentationId: freeVlan(account, region) },
        ],
      };
    },

    show: (object) => ({
      shared: false,
      external: false,
      mtu: object.mtu,
      segments: object.segments.map((segment) => ({
        network_type: segment.networkType,
        physical_network: segment.physicalNetwork,
        segmentation_id: segment.segmentationId,
      })),
      transparent_vlan: false,
      port_security_enabled: object.portSecurity,
      dns_domain: object.dnsDomain,
      qos_policy_id: object.qosPolicy,
      availability_zone_hints: [],
    }),

    update(object, planned) {
      Object.assign(object, settingsOf(planned));
    },

    delete(object) {
      const left = account.ports
        .all()
        .filter((port) => port.network === object.id && !isOwnTraffic(port));
      if (left.length > 0)
        throw networkError(
          409,
          "NetworkInUse",
          `Unable to complete operation on network ${object.id}. There are one or more ports still in use on the network.`,
        );
      for (const subnet of account.subnets.all())
        if (subnet.network === object.id) account.subnets.remove(subnet.id);
      for (const port of account.ports.all())
        if (port.network === object.id) account.ports.remove(port.id);
      account.networks.remove(object.id);
    },
  };
}

function settingsOf(planned: Values) {
  return {
    mtu: numberOf(planned.mtu) ?? DEFAULT_MTU,
    portSecurity: planned.port_security_enabled !== false,
    dnsDomain: stringOf(planned.dns_domain) ?? "",
    qosPolicy: stringOf(planned.qos_policy_id) ?? "",
  };
}

function freeVlan(account: Account, region: string): number {
  const taken = account.networks
    .all()
    .filter((other) => other.region === region)
    .flatMap(({ segments }) => segments.map(({ segmentationId }) => segmentationId));
  // 0 is the vRack's untagged network, which a user must request.
  let vlan = 1;
  while (taken.includes(vlan)) vlan++;
  return vlan;
}
