import type { CloudInfo } from "../../constructs/cloud-info";
import type {
  Candidate,
  DataLookUp,
  ImportId,
  LostResource,
  Part,
} from "../../constructs/model/recovery";
import { blocksOf, type ResourceValues } from "../../constructs/model/resource-values";

/** "fr-par-1/<uuid>", or as the console shows it: "<uuid>" (ids by zone or region: provider 2.80.0 docs). */
const placed: ImportId = ({ id, attribute }) => {
  if (id === undefined || id.includes("/")) return id;
  const place = attribute("zone") ?? attribute("region") ?? placeOf(attribute("lb_id"));
  return place === undefined ? undefined : `${place}/${id}`;
};

function placeOf(id: string | undefined): string | undefined {
  return id?.split("/")[0];
}

/** scaleway-sdk-go's ResourceNotFoundError. */
const notFound = /\bresource \w+ with ID \S+ is not found/;

/**
 * Each resource type that a Scaleway stack can have, from the source of provider 2.80.0. Without
 * `goneWords`, its read takes a 404 for absence. Its security group, VPC, private network and
 * gateways need no unique names: the cloud creates a second one.
 */
export const recovery: CloudInfo["recovery"] = {
  // Its data source needs the address itself.
  scaleway_instance_ip: {
    importId: placed,
    lookUp: {
      ask: "flexible IP addresses of Instances, by its tag and zone: scw instance ip list",
    },
  },
  scaleway_instance_private_nic: {
    // "<zone>/<server>/<nic>"
    importId: ({ id, attribute }) => {
      const server = attribute("server_id");
      const own = id?.split("/").at(-1);
      return server === undefined || own === undefined ? undefined : `${server}/${own}`;
    },
    lookUp: single(
      "scaleway_instance_private_nic",
      ["server_id", "private_network_id", "zone"],
      /could not find a private_nic/,
      "scw instance private-nic list",
    ),
    existsMessage: /already (attached|connected) to (this|the) Private Network/i,
  },
  scaleway_instance_security_group: {
    importId: placed,
    lookUp: single(
      "scaleway_instance_security_group",
      ["name", "zone"],
      /no element found/,
      "scw instance security-group list",
    ),
    // The servers in it are deleted a moment before.
    busyMessage: /security_?group is in use|resource is still in use/i,
  },
  scaleway_instance_server: {
    importId: placed,
    lookUp: list("scaleway_instance_servers", "servers", ["name", "zone"]),
    // ResourceInstanceServerDelete: the volume after the machine.
    parts: ({ root_volume: volumes, zone }) =>
      blocksOf(volumes)
        .filter(({ volume_type: type }) => type === "sbs_volume")
        .flatMap(({ volume_id: id }) =>
          typeof id === "string" && id !== "" ? [blockVolume(String(zone), id)] : [],
        ),
  },
  scaleway_ipam_ip: {
    importId: placed,
    lookUp: {
      source: "scaleway_ipam_ips",
      arguments: (lost) => {
        const network = sourceOf(lost)?.["private_network_id"];
        const region = lost.attribute("region");
        if (typeof network !== "string" || region === undefined) return undefined;
        // It passes the id to the API unchanged; the API knows no region prefix.
        return { private_network_id: network.split("/").at(-1), region };
      },
      // "172.16.4.4/22" of the reserved address.
      candidates: (read, { attribute }) =>
        blocksOf(read["ips"])
          .filter(({ address }) => String(address).split("/")[0] === attribute("address"))
          .map(candidate),
    },
    // Its read queries the private network too (ResourceIPAMIPRead).
    goneMessage: notFound,
    existsMessage: /already (allocated|in use|reserved|booked)/i,
    // Attached until its NIC, gateway or load balancer is deleted.
    busyMessage: /resource is still in use|still attached/i,
  },
  scaleway_lb: {
    importId: placed,
    lookUp: list("scaleway_lbs", "lbs", ["name", "zone"]),
  },
  // Reads take only 403 for absence, 404 is an error (resourceLbBackendRead).
  scaleway_lb_backend: {
    importId: placed,
    lookUp: list("scaleway_lb_backends", "backends", ["lb_id", "name"]),
    goneMessage: notFound,
  },
  // The load balancer that it waits for may be deleted (resourceLbFrontendRead).
  scaleway_lb_frontend: {
    importId: placed,
    lookUp: list("scaleway_lb_frontends", "frontends", ["lb_id", "name"]),
    goneMessage: notFound,
    existsMessage: /already (listens|exists|used)/i,
  },
  scaleway_lb_ip: {
    importId: placed,
    lookUp: {
      ...list("scaleway_lb_ips", "ips", ["tags", "zone"]),
      // One that another load balancer has is a different one.
      candidates: (read) =>
        blocksOf(read["ips"])
          .filter(({ lb_id }) => !lb_id)
          .map(candidate),
    },
    goneMessage: notFound,
  },
  scaleway_vpc: {
    importId: placed,
    lookUp: single("scaleway_vpc", ["name", "region"], /no element found/, "scw vpc vpc list"),
    busyMessage: /resource is still in use|VPC (is )?not empty/i,
  },
  scaleway_vpc_gateway_network: {
    importId: placed,
    lookUp: single(
      "scaleway_vpc_gateway_network",
      ["gateway_id", "private_network_id"],
      /no gateway network found/,
      "scw vpc-gw gateway-network list",
    ),
    existsMessage: /already (attached|connected) to (this|the) Private Network/i,
  },
  scaleway_vpc_private_network: {
    importId: placed,
    lookUp: single(
      "scaleway_vpc_private_network",
      ["name", "vpc_id", "region"],
      /no element found/,
      "scw vpc private-network list",
    ),
    busyMessage: /resource is still in use|private network (is )?not empty/i,
  },
  scaleway_vpc_public_gateway: {
    importId: placed,
    lookUp: single(
      "scaleway_vpc_public_gateway",
      ["name", "zone"],
      /no element found/,
      "scw vpc-gw gateway list",
    ),
  },
  // Its data source needs the id itself.
  scaleway_vpc_public_gateway_ip: {
    importId: placed,
    lookUp: { ask: "IP addresses of Public Gateways, by its tag and zone: scw vpc-gw ip list" },
  },
};

function blockVolume(zone: string, id: string): Part {
  return {
    type: "scaleway_block_volume",
    importId: `${zone}/${id.split("/").at(-1) ?? ""}`,
    arguments: { iops: 5000 },
  };
}

/** A data source that lists; of what it has read, the objects of that name. */
function list(source: string, parts: string, names: readonly string[]): DataLookUp {
  return {
    source,
    arguments: (lost) => given(lost, names),
    candidates: (read, { attribute }) =>
      blocksOf(read[parts])
        .filter(({ name }) => name === attribute("name"))
        .map(candidate),
  };
}

/** A data source that finds one, and fails where there is none or more than one. */
function single(
  source: string,
  names: readonly string[],
  noneMessage: RegExp,
  listedBy: string,
): DataLookUp {
  return {
    source,
    arguments: (lost) => given(lost, names),
    candidates: (read) => [candidate(read)],
    noneMessage,
    listedBy,
  };
}

/** Configured arguments of the resource itself; a load balancer's part is in the load balancer's zone. */
function given(lost: LostResource, names: readonly string[]): ResourceValues | undefined {
  const values = names.map((name) => [name, lost.value(name)] as const);
  if (values.some(([, value]) => value === undefined)) return undefined;
  const zone = placeOf(lost.attribute("lb_id"));
  return { ...(zone === undefined ? {} : { zone }), ...Object.fromEntries(values) };
}

function sourceOf(lost: LostResource): ResourceValues | undefined {
  const source = lost.value("source");
  return (Array.isArray(source) ? (source as unknown[])[0] : source) as ResourceValues | undefined;
}

function candidate({ id, created_at: createdAt, status }: ResourceValues): Candidate {
  const date = typeof createdAt === "string" && createdAt !== "" ? { createdAt } : {};
  // Of a load balancer, and of a gateway.
  const hasFailed = status === "error" || status === "failed";
  return { id: String(id), ...date, ...(hasFailed ? { hasFailed } : {}) };
}
