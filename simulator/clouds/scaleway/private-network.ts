/**
 * Private network: regional, with one IPv4 subnet and one IPv6 subnet that the API adds by itself.
 * It can only be deleted when it is empty, and a reserved address keeps it: the provider retries a
 * refused deletion for 30 s.
 */
import { randomUUID } from "node:crypto";
import type { CallContext, Values } from "../../protocol/model";
import type { Account } from "./account";
import { maskOf, overlap, parseSubnet } from "../addresses";
import { nextSubnet, randomIpv6Subnet } from "./addresses";
import { DURATION } from "./catalogue";
import { cidrNetwork } from "../checks";
import { invalidArgument, stillInUse } from "./errors";
import { srn } from "./ids";
import type { PrivateNetwork, Subnet } from "./objects";
import { sameId } from "./planning";
import { type Kind } from "./resource";
import { blockOf, blocksOf, isTrue, stringOf, stringsOf } from "../values";

export function privateNetwork(account: Account): Kind<PrivateNetwork> {
  return {
    objects: account.privateNetworks,
    locality: "region",
    shortName: "pn",
    replacedBy: ["ipv4_subnet.subnet", "ipv6_subnets.subnet", "vpc_id"],
    equal: { vpc_id: sameId },
    computedBlocks: ["ipv4_subnet", "ipv6_subnets"],
    checks: { values: { "ipv4_subnet.subnet": cidrNetwork, "ipv6_subnets.subnet": cidrNetwork } },

    create(planned, region) {
      account.checkQuota("scaleway_vpc_private_network", account.privateNetworks.all().length);
      const base = account.newObject(
        region,
        {
          name: stringOf(planned.name),
          tags: stringsOf(planned.tags),
          projectId: stringOf(planned.project_id),
        },
        "pn",
      );
      const vpc = vpcFor(account, stringOf(planned.vpc_id), region);
      const siblings = account.privateNetworks.all().filter((network) => network.vpc === vpc);
      const subnet = (cidr: string): Subnet => ({
        id: randomUUID(),
        cidr,
        createdAt: base.createdAt,
      });
      const ipv6 = blocksOf(planned.ipv6_subnets).flatMap((block) => stringOf(block.subnet) ?? []);
      return {
        ...base,
        vpc,
        ipv4: subnet(freeCidr(siblings, stringOf(blockOf(planned.ipv4_subnet)?.subnet))),
        ipv6: (ipv6.length > 0 ? ipv6 : [randomIpv6Subnet()]).map(subnet),
        defaultRoutePropagation: isTrue(planned.enable_default_route_propagation),
      };
    },

    show(object) {
      return {
        vpc_id: object.vpc,
        ipv4_subnet: [shownSubnet(object, object.ipv4)],
        ipv6_subnets: object.ipv6.map((subnet) => shownSubnet(object, subnet)),
        enable_default_route_propagation: object.defaultRoutePropagation,
        is_regional: true,
        zone: account.defaults.zone,
        srn: srn("vpc/private-network", object),
      };
    },

    update(object, planned) {
      object.defaultRoutePropagation = isTrue(planned.enable_default_route_propagation);
    },

    async delete(object, context) {
      await waitUntilEmpty(account, object, context);
    },
  };
}

/** What keeps a private network from being deleted. */
export function contentOf(account: Account, network: string): string[] {
  return [
    account.nics.all().filter((nic) => nic.privateNetwork === network),
    account.gatewayNetworks.all().filter((attached) => attached.privateNetwork === network),
    account.loadBalancers
      .all()
      .filter(({ attachments }) => attachments.some((one) => one.privateNetwork === network)),
    account.privateIps.all().filter((ip) => ip.privateNetwork === network),
  ].flatMap((objects) => objects.map((object) => object.id));
}

/** Also waits for objects that are being detached. */
async function waitUntilEmpty(account: Account, object: PrivateNetwork, context: CallContext) {
  const isEmpty = () => contentOf(account, object.id).length === 0;
  const step = DURATION.privateNetworkRetry / 10;
  for (let waited = 0; !isEmpty() && waited < DURATION.privateNetworkRetry; waited += step)
    await context.wait(step);
  if (!isEmpty()) throw stillInUse("Private Network must be empty to be deleted");
}

/** Projects created since May 2025 have no default VPC; the API creates one for a network without. */
function vpcFor(account: Account, reference: string | undefined, region: string): string {
  if (reference === undefined) throw invalidArgument("vpc_id", "required");
  return account.vpcs.find(reference, region).id;
}

function freeCidr(siblings: readonly PrivateNetwork[], wanted: string | undefined): string {
  const used = siblings.flatMap(({ ipv4 }) => parseSubnet(ipv4.cidr) ?? []);
  if (wanted === undefined) return nextSubnet(used);
  const subnet = parseSubnet(wanted);
  if (subnet === undefined) throw invalidArgument("subnets", "format");
  if (used.some((other) => overlap(subnet, other)))
    throw invalidArgument(
      "subnets",
      "constraint",
      `subnet ${wanted} overlaps with another subnet of the VPC`,
    );
  return wanted;
}

function shownSubnet(network: PrivateNetwork, { id, cidr, createdAt }: Subnet): Values {
  const [address = "", length = ""] = cidr.split("/");
  const ipv4 = parseSubnet(cidr);
  return {
    id,
    subnet: cidr,
    address,
    prefix_length: Number(length),
    subnet_mask: ipv4 ? maskOf(ipv4) : "ffff:ffff:ffff:ffff::",
    created_at: createdAt,
    updated_at: createdAt,
    srn: `${srn("vpc/private-network", network)}/subnet/${id}`,
  };
}
