import { networkOf as outscale } from "../clouds/outscale/packets";
import { networkOf as ovh } from "../clouds/ovh/packets";
import { networkOf as scaleway } from "../clouds/scaleway/packets";
import type { Machine } from "../machines";
import { type Host, internetLink, type Network, type Role } from "./network";
import { Resources, type ExistingResource } from "./resources";

const clouds: Readonly<Record<string, (resources: Resources) => Network>> = {
  outscale,
  ovh,
  scaleway,
};

const roles: readonly Role[] = ["bastion", "control plane", "worker", "neighbour"];

const byName = new Intl.Collator("en", { numeric: true });

function byRoleAndName(one: Host, other: Host): number {
  return (
    roles.indexOf(one.role) - roles.indexOf(other.role) || byName.compare(one.name, other.name)
  );
}

/**
 * The network of existing resources.
 * @param cloud One of the names of the simulated clouds
 * @param machines The servers as machines, where they are known
 */
export function networkOf(
  cloud: string,
  existing: readonly ExistingResource[],
  machines: readonly Machine[] = [],
): Network {
  const read = clouds[cloud];
  if (read === undefined) throw new Error(`No simulated cloud "${cloud}"`);
  const network = read(new Resources(existing));
  // A state has its resources in another order than a configuration.
  const links = [...network.links].sort((one, other) => byName.compare(one.by, other.by));
  const hosts = network.hosts.map((host) => withProblems(host, machines)).sort(byRoleAndName);
  return { ...network, links, hosts };
}

/** A machine is identified by its address; one without an address reports its problem without a cloud. */
function withProblems(host: Host, machines: readonly Machine[]): Host {
  const own = host.interfaces.find(({ link }) => link !== internetLink)?.address;
  const known =
    own === undefined
      ? ["it has no address on the private network"]
      : machines.flatMap(({ privateAddress, problems }) =>
          privateAddress === own ? problems : [],
        );
  return { ...host, problems: [...(host.problems ?? []), ...known] };
}
