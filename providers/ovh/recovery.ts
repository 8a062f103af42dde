import type { CloudInfo } from "../../constructs/cloud-info";
import type { Candidate, DataLookUp, LostResource } from "../../constructs/model/recovery";
import { blocksOf, type ResourceValues, stringsOf } from "../../constructs/model/resource-values";

/** An importer that reads first returns nothing for a missing object: an instance's, a pool's. */
const nothingReturned = /Import returned no resources/;

/**
 * Each resource type that an OVHcloud stack can have (terraform-provider-openstack 3.4.0).
 *
 * All are read with `CheckDeleted` (util.go) or similar, which takes a 404 for absence: a deleted
 * object causes no error, except in an import. Names need not be unique: OpenStack creates a second
 * object of most types. An object that can only be found by name may be another cluster's, unless
 * nothing is attached to it, as must be the case at that moment of its creation.
 */
export const recovery: CloudInfo["recovery"] = {
  openstack_networking_network_v2: {
    lookUp: found("openstack_networking_network_v2", named("name"), {
      listedBy: "openstack network list",
      noneMessage: /Your query returned no results/,
      // Its subnet is created later.
      fits: ({ subnets }) => isEmpty(subnets),
    }),
    busyMessage: /There are one or more ports still in use on the network/,
  },
  openstack_networking_subnet_v2: {
    lookUp: listed("openstack_networking_subnet_ids_v2", named("network_id", "name")),
    // resource_openstack_networking_subnet_v2.go retries a conflict on deletion itself.
    existsMessage: /Requested subnet with cidr: \S+ for network: \S+ overlaps with another subnet/,
  },
  openstack_networking_router_v2: {
    lookUp: found("openstack_networking_router_v2", named("name", "description"), {
      listedBy: "openstack router list",
      noneMessage: /No Router found/,
    }),
    busyMessage: /Router \S+ still has ports/,
  },
  openstack_networking_router_interface_v2: {
    // Its id, and import id, is its port's. A distributed router has a second port on the subnet,
    // for its source NAT: last in this order, "network:router_centralized_snat".
    lookUp: {
      source: "openstack_networking_port_ids_v2",
      arguments: ({ attribute }) => {
        const router = attribute("router_id");
        return router === undefined
          ? undefined
          : { device_id: router, sort_key: "device_owner", sort_direction: "desc" };
      },
      candidates: ({ ids }) => candidates(ids).slice(0, 1),
    },
    existsMessage: /Router already has a port on subnet/,
  },
  openstack_networking_port_v2: {
    lookUp: listed("openstack_networking_port_ids_v2", named("network_id", "name")),
    existsMessage: /IP address \S+ already allocated in subnet/,
  },
  openstack_networking_floatingip_v2: {
    lookUp: found("openstack_networking_floatingip_v2", named("description"), {
      listedBy: "openstack floating ip list",
      noneMessage: /No openstack_networking_floatingip_v2 found/,
      // It is associated later.
      fits: ({ port_id: port }) => isEmpty(port),
    }),
  },
  // Repeats which port an address is mapped to.
  openstack_networking_floatingip_associate_v2: { lookUp: "create" },
  openstack_networking_secgroup_v2: {
    lookUp: found("openstack_networking_secgroup_v2", named("name", "description"), {
      listedBy: "openstack security group list",
      noneMessage: /No Security Group found with name/,
    }),
  },
  // No data source lists rules. A second one is refused with the id of the first.
  openstack_networking_secgroup_rule_v2: {
    lookUp: "create",
    existsMessage: /Security group rule already exists\. Rule id is (?<id>[0-9a-f-]{36})/,
  },
  openstack_lb_loadbalancer_v2: {
    lookUp: found("openstack_lb_loadbalancer_v2", named("name", "vip_address"), {
      listedBy: "openstack loadbalancer list",
      noneMessage: /Your query returned no results/,
      fits: ({ vip_subnet_id: subnet }, lost) => isSame(subnet, lost, "vip_subnet_id"),
      // It refuses every change then but its deletion.
      hasFailed: ({ provisioning_status: status }) => status === "ERROR",
    }),
    // A 500 around Neutron's message. No goneWords: one whose VIP port was deleted cannot be read
    // ("Error getting port security groups"), but exists.
    existsMessage: /Provider '\w+' reports error: IP address \S+ already allocated in subnet/,
  },
  // On a load balancer a second listener, pool, monitor or member is refused with 409, which the
  // provider takes for a change in progress, and retries until the creation's timeout
  // (checkForRetryableError).
  openstack_lb_listener_v2: {
    lookUp: found("openstack_lb_listener_v2", named("name", "loadbalancer_id"), {
      listedBy: "openstack loadbalancer listener list",
      noneMessage: /Your query returned no results/,
    }),
    existsMessage: /Another Listener on this Load Balancer is already using/,
  },
  openstack_lb_pool_v2: {
    lookUp: found("openstack_lb_pool_v2", named("name"), {
      listedBy: "openstack loadbalancer pool list",
      noneMessage: /Your query returned no results/,
      fits: ({ listeners }, lost) =>
        ids(listeners).some(({ id }) => isSame(id, lost, "listener_id")),
    }),
    existsMessage: /This listener already has a default pool/,
    goneMessage: nothingReturned,
  },
  openstack_lb_member_v2: {
    importId: ({ id, attribute }) => {
      const pool = attribute("pool_id");
      return id === undefined || pool === undefined ? undefined : `${pool}/${id}`;
    },
    // No data source lists members: that of pools returns only one, whatever their number, as its
    // set is hashed by their tags (data_source_openstack_lb_pool_v2.go: all else is computed). The
    // resource of all members of a pool is imported by the pool's id.
    lookUp: {
      source: "openstack_lb_members_v2",
      imported: ({ attribute }) => attribute("pool_id"),
      arguments: named("pool_id"),
      candidates: ({ member: members }, { attribute }) =>
        ids(blocksOf(members).filter(({ address }) => address === attribute("address"))),
    },
    existsMessage: /Another member on this pool is already using ip/,
  },
  openstack_lb_monitor_v2: {
    // No data source lists monitors, but their pool returns its own.
    lookUp: {
      source: "openstack_lb_pool_v2",
      arguments: named("pool_id"),
      candidates: ({ healthmonitor_id: monitor }) => candidates([monitor]),
      noneMessage: /Your query returned no results/,
    },
    existsMessage: /This pool already has a health monitor/,
  },
  openstack_compute_servergroup_v2: {
    lookUp: found("openstack_compute_servergroup_v2", named("name"), {
      listedBy: "openstack server group list",
      noneMessage: /Could not find any servergroup with this name/,
      // A server joins its group when it is created.
      fits: ({ members }) => isEmpty(members),
    }),
  },
  openstack_compute_instance_v2: {
    // The data source of instances only finds them by id; its port has the id of one.
    lookUp: {
      source: "openstack_networking_port_v2",
      arguments: ({ value }) => {
        const port = blocksOf(value("network"))[0]?.["port"];
        return typeof port === "string" ? { port_id: port } : undefined;
      },
      candidates: ({ device_id: server }) => candidates([server]),
      noneMessage: /No openstack_networking_port_v2 found/,
    },
    existsMessage: /Port \S+ is still in use/,
    // The provider waits for a deletion only while the machine is ACTIVE or SHUTOFF.
    busyMessage: /unexpected state '\w+', wanted target 'DELETED, SOFT_DELETED'/,
    goneMessage: nothingReturned,
    // The provider takes ERROR for no difference (suppressPowerStateDiffs).
    hasFailed: ({ power_state: state }) => state === "error",
  },
};

type Arguments = DataLookUp["arguments"];

/** Queried with these attributes of the resource, all of which must be known. */
function named(...names: readonly string[]): Arguments {
  return ({ attribute }) => {
    const values = names.map((name) => [name, attribute(name)] as const);
    return values.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(values);
  };
}

/** By a data source that finds one: none and several are errors to it. */
function found(
  source: string,
  asked: Arguments,
  {
    noneMessage,
    listedBy,
    fits = () => true,
    hasFailed = () => false,
  }: {
    readonly noneMessage: RegExp;
    readonly listedBy: string;
    readonly fits?: (read: ResourceValues, lost: LostResource) => boolean;
    readonly hasFailed?: (read: ResourceValues) => boolean;
  },
): DataLookUp {
  return {
    source,
    arguments: asked,
    candidates: (read, lost) =>
      fits(read, lost)
        ? ids([read]).map((one) => (hasFailed(read) ? { ...one, hasFailed: true } : one))
        : [],
    noneMessage,
    listedBy,
  };
}

/** By a data source that lists ids. */
function listed(source: string, asked: Arguments): DataLookUp {
  return { source, arguments: asked, candidates: ({ ids }) => candidates(ids) };
}

/** Unknown attributes of the resource are not compared. */
function isSame(value: unknown, { attribute }: LostResource, name: string): boolean {
  return value === (attribute(name) ?? value);
}

/** Of blocks that have an id. */
function ids(of: unknown): readonly Candidate[] {
  return candidates(blocksOf(of).map(({ id }) => id));
}

function candidates(ids: unknown): readonly Candidate[] {
  return stringsOf(ids).flatMap((id) => (id === "" ? [] : [{ id }]));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || Object.keys(value).length === 0;
}
