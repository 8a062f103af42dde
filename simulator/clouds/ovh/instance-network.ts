/** The NICs of an instance: ports that a user created, or that Nova creates for it. */
import { Refusal, type Values } from "../../protocol/model";
import { blocksOf, stringOf } from "../values";
import type { Account } from "./account";
import { allocate, claim } from "./addresses";
import { externalNetworkOf } from "./catalogue";
import { computeError } from "./errors";
import type { Port, Server } from "./objects";
import { removePort, servicePort } from "./port";
import { defaultGroup } from "./security-group";

/** Gives a server one NIC. @returns The port's id. */
type Attach = (server: Server) => string;

/**
 * The result of the `network` blocks; nothing is attached yet.
 * @throws Refusal with the provider's message, or ApiError with Nova's.
 */
export function networksOf(account: Account, planned: Values, region: string): Attach[] {
  const blocks = blocksOf(planned.network);
  if (blocks.length === 0)
    return planned.network_mode === "none" ? [] : [onlyNetwork(account, region)];
  return blocks.map((block) => {
    const port = stringOf(block.port);
    const id = stringOf(block.uuid);
    const name = stringOf(block.name);
    if (port !== undefined) return givenPort(account, port, region);
    if (id === undefined && name === undefined)
      throw new Refusal("At least one of network.uuid, network.name, or network.port must be set");
    return newPort(account, networkId(account, id, name, region), block, region);
  });
}

function attach(account: Account, server: Server, port: Port): string {
  port.deviceId = server.id;
  port.deviceOwner = `compute:${server.zone}`;
  account.touch(port);
  return port.id;
}

/** Detaches the ports that a user created; the others are deleted with the server. */
export function releasePorts(account: Account, server: Server): void {
  for (const port of account.ports.all()) {
    if (port.deviceId !== server.id) continue;
    if (port.madeByCompute) removePort(account, port);
    else Object.assign(port, { deviceId: "", deviceOwner: "" });
  }
}

export function portsOf(account: Account, server: Server): Port[] {
  return server.ports.flatMap((id) => account.ports.get(id) ?? []);
}

/** The name of a network, including Ext-Net. */
export function networkName(account: Account, id: string, region: string): string {
  const external = externalNetworkOf(region);
  return id === external.id ? external.name : (account.networks.get(id)?.name ?? "");
}

/** The provider queries Neutron for each NIC's network first. */
export function lookup(message: string): Refusal {
  return new Refusal(`Error trying to get network information from the Network API: ${message}`);
}

function givenPort(account: Account, id: string, region: string): Attach {
  const port = account.ports.get(id);
  if (port?.region !== region) throw lookup(`Could not find any matching port for port ${id}`);
  if (port.deviceId !== "") throw computeError(409, `Port ${id} is still in use.`);
  return (server) => attach(account, server, port);
}

function networkId(
  account: Account,
  id: string | undefined,
  name: string | undefined,
  region: string,
): string {
  const external = externalNetworkOf(region);
  const all = [external, ...account.networks.all().filter((network) => network.region === region)];
  const found = all.filter((network) =>
    id === undefined ? network.name === name : network.id === id,
  );
  const [type, term] = id === undefined ? ["name", name] : ["id", id];
  const [first] = found;
  if (first === undefined) throw lookup(`Could not find any matching network for ${type} ${term}`);
  if (found.length > 1) throw lookup(`More than one network found for ${type} ${term}`);
  return first.id;
}

function newPort(account: Account, network: string, block: Values, region: string): Attach {
  const wanted = stringOf(block.fixed_ip_v4);
  return (server) => {
    const external = externalNetworkOf(region);
    const subnet = account.subnets.all().find((one) => one.network === network);
    if (network !== external.id && subnet === undefined)
      throw computeError(
        400,
        `Network ${network} requires a subnet in order to boot instances on.`,
      );
    const fixedIp =
      subnet === undefined
        ? { subnet: external.ipv4Subnet, address: account.takePublicAddress() }
        : wanted === undefined
          ? allocate(account, subnet, server.id)
          : claim(account, subnet, wanted);
    const port = servicePort(
      account,
      { network, region },
      {
        deviceOwner: `compute:${server.zone}`,
        deviceId: server.id,
        fixedIp,
        securityGroups: [defaultGroup(region)],
        madeByCompute: true,
      },
    );
    return port.id;
  };
}

/** Nova's own choice: possible only where there is no network. */
function onlyNetwork(account: Account, region: string): Attach {
  const own = account.networks.all().filter((network) => network.region === region);
  const [only] = own;
  if (own.length > 1)
    throw computeError(
      409,
      "Multiple possible networks found, use a Network ID to be more specific.",
    );
  return newPort(account, only?.id ?? externalNetworkOf(region).id, {}, region);
}
