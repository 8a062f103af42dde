/** An instance as a machine: the configuration that its boot finds, its address, its default route. */
import type { Machine } from "../../machines";
import type { Account } from "./account";
import { ROUTER_MTU, externalNetworkOf } from "./catalogue";
import { arrive } from "./instance-boot";
import { portsOf } from "./instance-network";
import type { Port, Server } from "./objects";
import { gatewayRouterOf } from "./router";

export function machinesOf(account: Account): Machine[] {
  return account.servers
    .all()
    .sort((a, b) => a.sequence - b.sequence)
    .map((server) => machineOf(account, arrive(account, server)));
}

export function machineOf(account: Account, server: Server): Machine {
  const ports = portsOf(account, server);
  const external = ports.find(({ network }) => network === externalNetworkOf(server.region).id);
  const inner = ports.find((port) => port !== external);
  const floating = account.floatingIps
    .all()
    .find(({ port }) => ports.some(({ id }) => id === port));
  const configuration = configurationOf(account, server, ports);
  return {
    // A rebuilt server counts as another machine: its disk is empty.
    id: server.rebuilds === 0 ? server.id : `${server.id}/${server.rebuilds}`,
    name: server.name,
    running: server.status === "ACTIVE",
    image: server.image.name,
    publicAddress: floating?.address ?? external?.fixedIps[0]?.address,
    privateAddress: inner?.fixedIps[0]?.address,
    userData: configuration.userData,
    problems:
      server.fault === undefined
        ? [
            ...configuration.problems,
            ...(external === undefined ? networkProblems(account, inner) : []),
          ]
        : [`It could not be built: ${server.fault}`],
  };
}

interface Configuration {
  readonly userData?: string;
  readonly problems: readonly string[];
}

/** A config drive is readable before there is a network; without it the metadata service must be reachable. */
function configurationOf(account: Account, server: Server, ports: readonly Port[]): Configuration {
  const { image, userData, firstBoot, configDrive } = server;
  if (firstBoot === undefined) return { problems: ["It has not booted yet."] };
  const isTalos = image.platform !== "cloud-init";
  if (isTalos && image.platform !== "openstack")
    return {
      problems: [
        `Its image ${image.name} is built for ${image.platform}, not for openstack: it does not look where OpenStack puts the configuration.`,
      ],
    };
  const hasMetadata = ports.some(({ network, fixedIps }) =>
    network === externalNetworkOf(server.region).id
      ? true
      : fixedIps.some(
          ({ subnet }) =>
            account.subnets.get(subnet)?.dhcp === true || firstBoot.waysOut.includes(subnet),
        ),
  );
  if (!configDrive && !hasMetadata)
    return {
      problems: [
        "It has no config drive, and the metadata service was out of reach at its first boot: neither DHCP nor a router is on its subnet.",
      ],
    };
  if (!isTalos) return { userData, problems: [] };
  if (userData === undefined)
    return { problems: ["It has no user data: Talos waits for a configuration."] };
  if (userData.startsWith("#cloud-config"))
    return {
      userData,
      problems: [
        "Its user data begins with #cloud-config, which Talos takes for no configuration.",
      ],
    };
  return { userData, problems: [] };
}

function networkProblems(account: Account, port: Port | undefined): string[] {
  if (port === undefined) return ["It has no port on a network, hence no address."];
  const [fixedIp] = port.fixedIps;
  if (fixedIp === undefined) return ["Its port has no IPv4 address."];
  if (gatewayRouterOf(account, fixedIp.subnet) === undefined)
    return [
      "It has no way out to the internet: no router with an external network has an interface on its subnet.",
    ];
  const mtu = account.networks.get(port.network)?.mtu ?? 0;
  if (mtu > ROUTER_MTU)
    return [
      `Its network has an MTU of ${mtu}, which the router does not pass (${ROUTER_MTU}): downloads stall.`,
    ];
  return [];
}
