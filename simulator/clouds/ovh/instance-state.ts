/** The state of an instance. */
import type { Values } from "../../protocol/model";
import { blocksOf, isTrue, stringOf } from "../values";
import type { Account } from "./account";
import { FLAVORS, flavorId } from "./catalogue";
import { allImages } from "./image";
import { lookup, networkName, portsOf } from "./instance-network";
import type { Port, Server } from "./objects";
import { groupName } from "./security-group";

export function shownInstance(account: Account, server: Server, given: Values): Values {
  const ports = portsOf(account, server);
  checkGivenPorts(account, given);
  const networks = ports.map((port, index) =>
    shownNetwork(account, server, port, blocksOf(given.network)[index]),
  );
  const access = networks.find(({ access_network }) => isTrue(access_network)) ?? networks[0];
  const flavor = FLAVORS.find(({ name }) => name === server.flavor);
  const image = allImages(account, server.region).find(({ id }) => id === server.image.id);
  return {
    network: networks,
    access_ip_v4: access?.fixed_ip_v4 ?? "",
    access_ip_v6: "",
    all_metadata: server.metadata,
    security_groups: [
      ...new Set(
        ports.flatMap(({ securityGroups }) => securityGroups.map((id) => groupName(account, id))),
      ),
    ],
    key_pair: server.keyPair,
    flavor_id: flavor ? flavorId(server.region, flavor) : "",
    flavor_name: server.flavor,
    image_id: server.image.id,
    image_name: image?.name ?? "Image not found",
    availability_zone: server.zone,
    power_state: server.status.toLowerCase(),
    hypervisor_hostname: "",
    created: goTime(server.createdAt),
    updated: goTime(server.updatedAt),
    ...(blocksOf(given.scheduler_hints).length > 0 && {
      scheduler_hints: blocksOf(given.scheduler_hints).map((hints) => ({
        ...hints,
        additional_properties: hints.additional_properties ?? {},
      })),
    }),
  };
}

function shownNetwork(
  account: Account,
  server: Server,
  port: Port,
  given: Values | undefined,
): Values {
  return {
    uuid: port.network,
    name: networkName(account, port.network, server.region),
    // Nova does not return it: it keeps the configured value, and is empty after an import.
    port: stringOf(given?.port) ?? "",
    fixed_ip_v4: port.fixedIps[0]?.address ?? "",
    fixed_ip_v6: "",
    mac: port.mac,
    access_network: isTrue(given?.access_network),
  };
}

/** The provider queries the port only where the state does not have its network's name. */
function checkGivenPorts(account: Account, given: Values): void {
  for (const block of blocksOf(given.network)) {
    const id = stringOf(block.port);
    const isNamed = stringOf(block.uuid) !== undefined && stringOf(block.name) !== undefined;
    if (id !== undefined && !isNamed && account.ports.get(id) === undefined)
      throw lookup(`Could not find any matching port for port ${id}`);
  }
}

/** In Go's format of times. */
function goTime(timestamp: string): string {
  return `${timestamp.replace("T", " ").replace("Z", "")} +0000 UTC`;
}
