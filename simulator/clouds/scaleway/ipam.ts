/**
 * IPAM: the addresses of private networks. An address is booked by a user, or assigned by a product
 * when it attaches. Only that product releases it, and a booked one cannot be released while it is
 * attached. The provider silently ignores a changed `source`.
 */
import type { Values } from "../../protocol/model";
import type { Account } from "./account";
import { contains, parseSubnet, type Subnet } from "../addresses";
import { isReserved, nextPrivateAddress, randomIpv6In } from "./addresses";
import { ipAddress } from "../checks";
import { conflict, invalidArgument, notFound, stillInUse } from "./errors";
import { bareId, regionOfZone } from "./ids";
import type { Attachment, PrivateIp, PrivateNetwork } from "./objects";
import { sameId } from "./planning";
import type { Equality } from "../sdkv2";
import { type Kind } from "./resource";
import { blockOf, isTrue, stringOf, stringsOf } from "../values";

export function ipamIp(account: Account): Kind<PrivateIp> {
  return {
    objects: account.privateIps,
    locality: "region",
    shortName: "ip",
    replacedBy: ["address", "is_ipv6"],
    defaults: { is_ipv6: false },
    equal: { address: sameAddress, "source.private_network_id": sameId },
    checks: { values: { address: ipAddress } },

    create(planned, region) {
      const source = blockOf(planned.source);
      const network = stringOf(source?.private_network_id);
      if (network === undefined) throw invalidArgument("source", "required");
      const ip = takeAddress(account, account.privateNetworks.find(network, region), {
        address: stringOf(planned.address)?.split("/")[0],
        ipv6: isTrue(planned.is_ipv6),
        booked: true,
        tags: stringsOf(planned.tags),
        projectId: stringOf(planned.project_id),
      });
      const custom = blockOf(planned.custom_resource);
      if (custom !== undefined) ip.attachment = customAttachment(custom);
      return ip;
    },

    show(object, given) {
      const named = stringOf(blockOf(given.source)?.private_network_id);
      return {
        address: object.address,
        address_cidr: object.cidr,
        is_ipv6: object.ipv6,
        // Only while the state names that very network: not after an import, nor after a change of
        // `source`, which was not sent.
        source: [
          {
            zonal: "",
            subnet_id: object.subnet,
            private_network_id:
              bareId(named ?? "") === bareId(object.privateNetwork) ? object.privateNetwork : "",
          },
        ],
        resource: object.attachment ? [shownAttachment(object.attachment)] : [],
        reverses: [],
        zone: "",
      };
    },

    update(object, planned) {
      const custom = blockOf(planned.custom_resource);
      if (custom !== undefined) object.attachment = customAttachment(custom);
      else if (object.attachment?.type === "custom") delete object.attachment;
    },

    delete(object) {
      if (object.attachment !== undefined && object.attachment.type !== "custom")
        throw stillInUse("IP is still attached to a resource");
    },
  };
}

/** An address with and without a prefix length. */
const sameAddress: Equality = (a, b) => stringOf(a)?.split("/")[0] === stringOf(b)?.split("/")[0];

/**
 * Books an address of a private network and stores it.
 * @throws Refusal when it is outside the subnet, reserved, taken, or none is left.
 */
export function takeAddress(
  account: Account,
  network: PrivateNetwork,
  wanted: {
    address?: string;
    ipv6?: boolean;
    booked: boolean;
    tags?: string[];
    projectId?: string;
  },
): PrivateIp {
  const subnet = wanted.ipv6 ? network.ipv6[0] : network.ipv4;
  if (subnet === undefined) throw invalidArgument("is_ipv6", "constraint", "no such subnet");
  const address =
    wanted.ipv6 === true
      ? (wanted.address ?? randomIpv6In(subnet.cidr))
      : freeAddress(account, network, wanted.address);
  const base = account.newObject(network.locality, { ...wanted, name: "" }, "ip");
  return account.privateIps.put({
    ...base,
    address,
    cidr: `${address}/${subnet.cidr.split("/")[1]}`,
    privateNetwork: network.id,
    subnet: subnet.id,
    ipv6: wanted.ipv6 ?? false,
    booked: wanted.booked,
  });
}

function freeAddress(account: Account, network: PrivateNetwork, wanted: string | undefined) {
  const subnet = parseSubnet(network.ipv4.cidr);
  if (subnet === undefined) throw new TypeError(`Not a subnet: ${network.ipv4.cidr}`);
  const taken = new Set(
    account.privateIps
      .all()
      .filter((ip) => ip.privateNetwork === network.id)
      .map((ip) => ip.address),
  );
  const address = wanted ?? nextPrivateAddress(subnet, taken);
  if (address === undefined)
    throw invalidArgument("address", "constraint", "no address is left in the subnet");
  checkAddress(subnet, network, address, taken);
  return address;
}

function checkAddress(
  subnet: Subnet,
  network: PrivateNetwork,
  address: string,
  taken: ReadonlySet<string>,
): void {
  if (!contains(subnet, address))
    throw invalidArgument(
      "address",
      "constraint",
      `${address} does not belong to subnet ${network.ipv4.cidr}`,
    );
  if (isReserved(subnet, address))
    throw invalidArgument("address", "constraint", `${address} is reserved`);
  if (taken.has(address)) throw conflict(`IP address ${address} is already in use`);
}

/**
 * Attaches a booked address to a product.
 * @throws Refusal when it does not exist, is of another network, or is attached already.
 */
export function attachBooked(
  account: Account,
  reference: string,
  network: PrivateNetwork,
  attachment: Attachment,
): PrivateIp {
  const ip = account.privateIps.find(reference, network.locality);
  if (ip.privateNetwork !== network.id)
    throw invalidArgument(
      "ipam_ip_ids",
      "constraint",
      `IP ${bareId(ip.id)} does not belong to Private Network ${bareId(network.id)}`,
    );
  if (ip.attachment !== undefined) throw conflict(`IP ${ip.address} is already attached`);
  ip.attachment = attachment;
  account.touch(ip);
  return ip;
}

/** What a product does when it detaches: keeps a booked address, releases another one. */
export function detach(account: Account, ids: readonly string[]): void {
  for (const id of ids) {
    const ip = account.privateIps.get(id);
    if (ip === undefined) continue;
    if (!ip.booked) account.privateIps.remove(id);
    else {
      delete ip.attachment;
      account.touch(ip);
    }
  }
}

/** The private network of a reference, from a zone of its region. */
export function networkFrom(account: Account, reference: string, zone: string): PrivateNetwork {
  const region = regionOfZone(zone);
  const [named] = reference.includes("/") ? reference.split("/") : [region];
  if (named !== region) throw notFound("private_network", bareId(reference));
  return account.privateNetworks.find(reference, region);
}

function customAttachment(custom: Values): Attachment {
  const macAddress = stringOf(custom.mac_address)?.toUpperCase();
  return { type: "custom", id: "", name: stringOf(custom.name) ?? "", macAddress };
}

function shownAttachment({ type, id, name, macAddress }: Attachment): Values {
  return { type, id, name, mac_address: macAddress ?? "" };
}
