import { networkOf as outscale } from "../clouds/outscale/packets";
import { networkOf as ovh } from "../clouds/ovh/packets";
import { networkOf as scaleway } from "../clouds/scaleway/packets";
import type { Host, Network, Role } from "./network";
import { Resources, type StandingResource } from "./resources";

const clouds: Readonly<Record<string, (resources: Resources) => Network>> = {
  outscale,
  ovh,
  scaleway,
};

const roles: readonly Role[] = ["bastion", "control plane", "worker", "neighbour"];

function byRoleAndName(one: Host, other: Host): number {
  return (
    roles.indexOf(one.role) - roles.indexOf(other.role) ||
    one.name.localeCompare(other.name, "en", { numeric: true })
  );
}

/**
 * What packets meet, read from what stands.
 * @param cloud One of the names of the simulated clouds
 */
export function networkOf(cloud: string, standing: readonly StandingResource[]): Network {
  const read = clouds[cloud];
  if (read === undefined) throw new Error(`No simulated cloud "${cloud}"`);
  const network = read(new Resources(standing));
  // A state has its resources in another order than a configuration.
  const links = [...network.links].sort((one, other) => one.by.localeCompare(other.by, "en"));
  return { ...network, links, hosts: [...network.hosts].sort(byRoleAndName) };
}
