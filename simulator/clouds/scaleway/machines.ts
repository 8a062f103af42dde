/** A server as a machine: the configuration that its boot finds, its address, its default route. */
import type { Machine } from "../../machines";
import type { Account } from "./account";
import type { GatewayNetwork, PrivateNic, Server } from "./objects";

export function machinesOf(account: Account): Machine[] {
  return account.servers
    .all()
    .sort((a, b) => a.sequence - b.sequence)
    .map((server) => machineOf(account, server));
}

function machineOf(account: Account, server: Server): Machine {
  const nics = account.nics
    .all()
    .filter((nic) => nic.server === server.id)
    .sort((a, b) => a.sequence - b.sequence);
  const [publicIp] = server.publicIps.flatMap((id) => account.instanceIps.get(id) ?? []);
  const addresses = nics.flatMap((nic) => ipv4Of(account, nic) ?? []);
  const configuration = configurationOf(server);
  return {
    id: server.id,
    name: server.name,
    running: server.state === "started",
    image: server.image?.name ?? "",
    publicAddress: publicIp?.address ?? server.dynamicAddress,
    privateAddress: addresses[0],
    userData: configuration.userData,
    problems: [
      ...configuration.problems,
      ...(publicIp === undefined ? networkProblems(account, nics, addresses) : []),
    ],
  };
}

function ipv4Of(account: Account, nic: PrivateNic): string | undefined {
  return nic.ipamIps.flatMap((id) => account.privateIps.get(id) ?? []).find(({ ipv6 }) => !ipv6)
    ?.address;
}

/**
 * Scaleway serves user data in one of two ways: to a server with a public address at power-on by
 * its metadata service, to one without on a disk labelled cidata, which is the only one that a
 * nocloud image reads.
 */
function configurationOf({ image, firstBoot }: Server): {
  userData?: string;
  problems: string[];
} {
  if (firstBoot === undefined) return { problems: ["It has never been powered on."] };
  const { userData, publicAddress } = firstBoot;
  if (image?.platform === "cloud-init") return { userData, problems: [] };
  if (image?.platform !== "nocloud")
    return {
      problems: [
        `Its image ${image?.name ?? "(none)"} is not one for nocloud: it asks the metadata service, which answers only servers with a public address.`,
      ],
    };
  if (publicAddress)
    return {
      problems: [
        "It had a public address when it was powered on: Scaleway plugs in the disk with the configuration, which a nocloud image reads, only where there is none.",
      ],
    };
  if (userData === undefined)
    return {
      problems: ['It has no user data named "cloud-init": Talos waits for a configuration.'],
    };
  if (userData.startsWith("#cloud-config"))
    return {
      userData,
      problems: [
        "Its user data begins with #cloud-config, which Talos takes for no configuration.",
      ],
    };
  return { userData, problems: [] };
}

/** A lease from before the gateway network was ready has no route until it is renewed. */
function networkProblems(
  account: Account,
  nics: readonly PrivateNic[],
  addresses: readonly string[],
): string[] {
  if (nics.length === 0) return ["It has no NIC on a private network, hence no address."];
  if (addresses.length === 0) return ["Its NIC has no IPv4 address."];
  const candidates = nics.map((nic) =>
    account.gatewayNetworks
      .all()
      .filter(({ privateNetwork }) => privateNetwork === nic.privateNetwork)
      .map((gatewayNetwork) => problemOf(nic, gatewayNetwork)),
  );
  const problems = candidates.flat();
  if (problems.includes(undefined)) return [];
  const reasons = problems.length > 0 ? problems : ["no public gateway is on its private network"];
  return reasons.map((reason) => `It has no way out to the internet: ${reason}.`);
}

/** Why a NIC cannot reach the internet through a gateway; undefined when it can. */
function problemOf(nic: PrivateNic, gatewayNetwork: GatewayNetwork): string | undefined {
  if (!gatewayNetwork.pushDefaultRoute)
    return "the gateway network does not announce a default route (push_default_route)";
  if (!gatewayNetwork.masquerade) return "the gateway does not masquerade (enable_masquerade)";
  if (nic.sequence < (gatewayNetwork.readySequence ?? Infinity))
    return "its NIC was attached before the gateway network was ready, so that its DHCP lease has no default route until it is renewed";
  return undefined;
}
