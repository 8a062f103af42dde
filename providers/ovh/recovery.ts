import type { CloudProvider } from "../../constructs/cloud-provider";
import type {
  Candidate,
  DataLookUp,
  LostResource,
  ResourceValues,
} from "../../constructs/recovery";

/**
 * Each type of resource that an OVHcloud stack can have (terraform-provider-openstack 3.4.0).
 *
 * Nearly all are read with `CheckDeleted` (util.go), which takes a 404 for an absence: no row needs
 * words for what is gone. Names need not be unique, so that OpenStack creates a second one of most;
 * what a name alone may find in another cluster is told apart by what cannot be there yet.
 */
export const recovery: CloudProvider["recovery"] = {
  openstack_networking_network_v2: {
    lookUp: found("openstack_networking_network_v2", named("name"), {
      noneWords: /Your query returned no results/,
      // Its subnet is created later.
      fits: ({ subnets }) => isEmpty(subnets),
    }),
    busyWords: /There are one or more ports still in use on the network/,
  },
  openstack_networking_subnet_v2: {
    lookUp: listed("openstack_networking_subnet_ids_v2", named("network_id", "name")),
    // resource_openstack_networking_subnet_v2.go retries a conflict on deletion itself.
    existsWords: /Requested subnet with cidr: \S+ for network: \S+ overlaps with another subnet/,
  },
  openstack_networking_router_v2: {
    lookUp: found("openstack_networking_router_v2", named("name"), {
      noneWords: /No Router found/,
      fits: ({ external_network_id: network }, { attribute }) =>
        network === attribute("external_network_id"),
    }),
    busyWords: /Router \S+ still has ports/,
  },
  openstack_networking_router_interface_v2: {
    // Its id, and what is imported, is its port's. A distributed router has a second port on the subnet,
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
    existsWords: /Router already has a port on subnet/,
  },
  openstack_networking_port_v2: {
    lookUp: listed("openstack_networking_port_ids_v2", named("network_id", "name")),
    existsWords: /IP address \S+ already allocated in subnet/,
  },
  openstack_networking_floatingip_v2: {
    lookUp: found("openstack_networking_floatingip_v2", named("description"), {
      noneWords: /No openstack_networking_floatingip_v2 found/,
      // It is associated later.
      fits: ({ port_id: port }) => isEmpty(port),
    }),
  },
  // Says once more which port an address leads to.
  openstack_networking_floatingip_associate_v2: { lookUp: "create" },
  openstack_networking_secgroup_v2: {
    lookUp: found("openstack_networking_secgroup_v2", named("name"), {
      noneWords: /No Security Group found with name/,
    }),
  },
  // No data source lists rules. A second one is refused with the id of the first.
  openstack_networking_secgroup_rule_v2: {
    lookUp: "create",
    existsWords: /Security group rule already exists\. Rule id is (?<id>[0-9a-f-]{36})/,
  },
  openstack_lb_loadbalancer_v2: {
    lookUp: found("openstack_lb_loadbalancer_v2", named("name", "vip_address"), {
      noneWords: /Your query returned no results/,
      fits: ({ vip_subnet_id: subnet }, { attribute }) => subnet === attribute("vip_subnet_id"),
    }),
  },
  openstack_lb_listener_v2: {
    lookUp: found("openstack_lb_listener_v2", named("name", "loadbalancer_id"), {
      noneWords: /Your query returned no results/,
    }),
    existsWords: /Another Listener on this Load Balancer is already using protocol_port/,
  },
  openstack_lb_pool_v2: {
    lookUp: found("openstack_lb_pool_v2", named("name"), {
      noneWords: /Your query returned no results/,
      fits: ({ listeners }, { attribute }) =>
        ids(listeners).some(({ id }) => id === attribute("listener_id")),
    }),
    existsWords: /already has a default pool/,
  },
  // No data source lists members or monitors, but their pool tells its own. Of members it tells the
  // ids alone: they are created one after the other, so that at most one of them is unknown.
  openstack_lb_member_v2: {
    importId: ({ id, attribute }) => {
      const pool = attribute("pool_id");
      return id === undefined || pool === undefined ? undefined : `${pool}/${id}`;
    },
    lookUp: ofPool(({ members }) => ids(members)),
    existsWords: /Another member on this pool is already using ip/,
  },
  openstack_lb_monitor_v2: {
    lookUp: ofPool(({ healthmonitor_id: monitor }) => candidates([monitor])),
    existsWords: /This pool already has a health monitor/,
  },
  openstack_compute_servergroup_v2: {
    lookUp: found("openstack_compute_servergroup_v2", named("name"), {
      noneWords: /Could not find any servergroup with this name/,
      // A server joins its group when it is created.
      fits: ({ members }) => isEmpty(members),
    }),
  },
  openstack_compute_instance_v2: {
    // The data source of instances knows them by their id alone; the port of one tells it.
    lookUp: {
      source: "openstack_networking_port_v2",
      arguments: ({ value }) => {
        const [network] = (value("network") ?? []) as readonly ResourceValues[];
        const port = network?.["port"];
        return typeof port === "string" ? { port_id: port } : undefined;
      },
      candidates: ({ device_id: server }) => candidates([server]),
      noneWords: /No openstack_networking_port_v2 found/,
    },
    existsWords: /Port \S+ is still in use/,
  },
};

type Arguments = DataLookUp["arguments"];

/** Asked with these attributes of the resource, all of which must be known. */
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
    noneWords,
    fits = () => true,
  }: {
    readonly noneWords: RegExp;
    readonly fits?: (read: ResourceValues, lost: LostResource) => boolean;
  },
): DataLookUp {
  return {
    source,
    arguments: asked,
    candidates: (read, lost) => (fits(read, lost) ? ids([read]) : []),
    noneWords,
  };
}

/** By a data source that lists ids. */
function listed(source: string, asked: Arguments): DataLookUp {
  return { source, arguments: asked, candidates: ({ ids }) => candidates(ids) };
}

/** By the pool that it is a part of. */
function ofPool(parts: (pool: ResourceValues) => readonly Candidate[]): DataLookUp {
  return {
    source: "openstack_lb_pool_v2",
    arguments: ({ attribute }) => {
      const pool = attribute("pool_id");
      return pool === undefined ? undefined : { pool_id: pool };
    },
    candidates: parts,
    noneWords: /Your query returned no results/,
  };
}

/** Of blocks that have an id. */
function ids(blocks: unknown): readonly Candidate[] {
  return candidates(((blocks ?? []) as readonly ResourceValues[]).map(({ id }) => id));
}

function candidates(ids: unknown): readonly Candidate[] {
  return ((ids ?? []) as readonly unknown[]).flatMap((id) =>
    typeof id === "string" && id !== "" ? [{ id }] : [],
  );
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || Object.keys(value).length === 0;
}
