import type { CloudProvider } from "../../constructs/cloud-provider";
import type {
  Candidate,
  DataLookUp,
  LostResource,
  ResourceValues,
} from "../../constructs/recovery";
import { isGone } from "./gone";

/** What is deleted a moment later, or holds what is. */
const inUse = /DependencyProblem|still (has|holds|in use)|is (still )?in use|is used by/i;

/** ErrNoResults of the provider. */
const noneWords = /your query returned no results/;

/**
 * Each type of resource that an Outscale stack can have, by the source of provider 1.8.0: every read
 * notices what is gone, but for what `gone.ts` knows. Tags come in a call of their own, after the
 * creation; what is part of the cluster's Net is found by what it is there, with or without them.
 */
export const recovery: CloudProvider["recovery"] = {
  outscale_internet_service: {
    sdk: "framework",
    // Its data source wants a filter, and none finds one without tags.
    lookUp: filtered(
      "outscale_internet_services",
      "internet_services",
      "internet_service_id",
      (lost) => ({
        tags: nameTag(lost),
      }),
    ),
  },
  outscale_internet_service_link: {
    sdk: "framework",
    importId: ({ attribute }) => attribute("internet_service_id"),
    lookUp: "import",
    isGone: isGone.internetServiceLink,
    existsWords: /already linked|internet service \S+ already/i,
    busyWords: inUse,
  },
  outscale_load_balancer: {
    sdk: "framework",
    importId: ({ attribute }) => attribute("load_balancer_name"),
    lookUp: "import",
  },
  // Both only say how the load balancer is to be, or whom it serves.
  outscale_load_balancer_attributes: { importId: "none", lookUp: "create" },
  outscale_load_balancer_vms: { sdk: "framework", importId: "none", lookUp: "create" },
  outscale_nat_service: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_nat_services", "nat_services", "nat_service_id", (lost) => ({
        subnet_ids: lost.attribute("subnet_id"),
      })),
      // One that is deleted is shown for a while.
      candidates: (read, { attribute }) =>
        partsOf(read["nat_services"])
          .filter(({ state }) => state !== "deleted" && state !== "deleting")
          .filter(({ public_ips: ips }) =>
            partsOf(ips).some(({ public_ip_id: id }) => id === attribute("public_ip_id")),
          )
          .map(({ nat_service_id: id }) => ({ id: String(id) })),
    },
  },
  outscale_net: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_nets", "nets", "net_id", (lost) => ({
        ip_ranges: lost.attribute("ip_range"),
      })),
      candidates: (read, lost) => taggedOrBare(partsOf(read["nets"]), "net_id", lost),
    },
    busyWords: inUse,
  },
  outscale_public_ip: {
    sdk: "framework",
    lookUp: {
      source: "outscale_public_ips",
      arguments: () => ({ filter: [{ name: "placements", values: ["standard", "vpc"] }] }),
      candidates: (read, lost) =>
        taggedOrBare(
          partsOf(read["public_ips"]).filter(({ link_public_ip_id: link }) => !link),
          "public_ip_id",
          lost,
        ),
      noneWords,
    },
    busyWords: inUse,
  },
  outscale_public_ip_link: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_public_ips", "public_ips", "link_public_ip_id", (lost) => ({
        public_ip_ids: lost.attribute("public_ip_id"),
      })),
      candidates: (read) =>
        partsOf(read["public_ips"])
          .filter(({ link_public_ip_id: link }) => Boolean(link))
          .map(({ link_public_ip_id: id }) => ({ id: String(id) })),
    },
    isGone: isGone.publicIpLink,
    existsWords: /public IP \S+ is already linked to/i,
  },
  outscale_route: {
    sdk: "framework",
    importId: joined("route_table_id", "destination_ip_range"),
    lookUp: "import",
    existsWords: /has a route to \S+ already|route \S* ?already exists/i,
  },
  outscale_route_table: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_route_tables", "route_tables", "route_table_id", (lost) => ({
        net_ids: lost.attribute("net_id"),
      })),
      candidates: (read, lost) => {
        const own = partsOf(read["route_tables"]).filter(
          ({ link_route_tables: links }) => !partsOf(links).some(({ main }) => main === true),
        );
        const tagged = own.filter(hasName(lost));
        const bare = own.filter(({ tags }) => partsOf(tags).length === 0);
        return (tagged.length > 0 ? tagged : bare).map(({ route_table_id: id }) => ({
          id: String(id),
        }));
      },
    },
  },
  outscale_route_table_link: {
    sdk: "framework",
    importId: ({ id, attribute }) => {
      const table = attribute("route_table_id");
      return id === undefined || table === undefined ? undefined : `${table}_${id}`;
    },
    lookUp: {
      ...filtered("outscale_route_tables", "route_tables", "route_table_id", (lost) => ({
        link_subnet_ids: lost.attribute("subnet_id"),
      })),
      candidates: (read, { attribute }) =>
        partsOf(read["route_tables"])
          .flatMap(({ link_route_tables: links }) => partsOf(links))
          .filter(({ subnet_id: subnet }) => subnet === attribute("subnet_id"))
          .map((link) => ({
            id: String(link["link_route_table_id"] ?? link["route_table_to_subnet_link_id"]),
          })),
    },
    isGone: isGone.routeTableLink,
    existsWords: /subnet \S+ is (already linked|linked to \S+ already)/i,
  },
  outscale_security_group: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_security_groups", "security_groups", "security_group_id", (lost) => ({
        net_ids: lost.attribute("net_id"),
        security_group_names: lost.attribute("security_group_name"),
      })),
    },
    existsWords: /the name \S+ is already used|named \S+ already exists/i,
    busyWords: inUse,
  },
  outscale_security_group_rule: {
    sdk: "framework",
    // A rule for the members of a group has no range, and with it no import id. Its own is its group's.
    importId: (rule) => {
      const group = rule.attribute("security_group_id");
      if (group === undefined) return undefined;
      const anyPort = rule.attribute("ip_protocol") === "-1" ? "-1" : undefined;
      const port = (name: string) => rule.attribute(name) ?? anyPort;
      const parts = [
        group,
        rule.attribute("flow"),
        rule.attribute("ip_protocol"),
        port("from_port_range"),
        port("to_port_range"),
        rule.attribute("ip_range"),
      ];
      return parts.includes(undefined) ? { stateId: group } : parts.join("_");
    },
    lookUp: "import",
    isGone: isGone.securityGroupRule,
    existsWords: /the rule already exists on|has this rule already/i,
  },
  outscale_subnet: {
    sdk: "framework",
    lookUp: filtered("outscale_subnets", "subnets", "subnet_id", (lost) => ({
      net_ids: lost.attribute("net_id"),
      ip_ranges: lost.attribute("ip_range"),
    })),
    existsWords: /subnet .*(conflict|overlap)|(conflict|overlap).* subnet/i,
    busyWords: inUse,
  },
  outscale_vm: {
    // A machine has its private address from its creation on, and nobody else can have it.
    lookUp: {
      ...filtered("outscale_vms", "vms", "vm_id", (lost) => ({
        subnet_ids: lost.attribute("subnet_id"),
      })),
      candidates: (read, lost) =>
        partsOf(read["vms"])
          .filter((vm) => vm["private_ip"] === firstAddress(lost) || hasName(lost)(vm))
          .map(({ vm_id: id, creation_date: date }) => ({
            id: String(id),
            ...(typeof date === "string" ? { createdAt: date } : {}),
          })),
    },
  },
};

/** An id that is made of attributes alone. */
function joined(...names: string[]) {
  return ({ attribute }: LostResource): string | undefined => {
    const parts = names.map(attribute);
    return parts.includes(undefined) ? undefined : parts.join("_");
  };
}

/** A data source with filters; all that it reads fits. */
function filtered(
  source: string,
  parts: string,
  id: string,
  filters: (lost: LostResource) => Readonly<Record<string, string | undefined>>,
): DataLookUp {
  return {
    source,
    arguments: (lost) => {
      const entries = Object.entries(filters(lost));
      if (entries.some(([, value]) => value === undefined)) return undefined;
      return { filter: entries.map(([name, value]) => ({ name, values: [value] })) };
    },
    candidates: (read) => partsOf(read[parts]).map((part) => ({ id: String(part[id]) })),
    noneWords,
  };
}

/** What has the resource's name; else what has no tags yet, and may be anybody's. */
function taggedOrBare(
  parts: readonly ResourceValues[],
  id: string,
  lost: LostResource,
): Candidate[] {
  const tagged = parts.filter(hasName(lost));
  if (tagged.length > 0) return tagged.map((part) => ({ id: String(part[id]) }));
  return parts
    .filter(({ tags }) => partsOf(tags).length === 0)
    .map((part) => ({ id: String(part[id]), isUncertain: true }));
}

function hasName(lost: LostResource) {
  const name = nameOf(lost);
  return ({ tags }: ResourceValues): boolean =>
    name !== undefined && partsOf(tags).some(({ key, value }) => key === "Name" && value === name);
}

function nameOf(lost: LostResource): unknown {
  return partsOf(lost.value("tags")).find(({ key }) => key === "Name")?.["value"];
}

/** As the filter `tags` wants it. */
function nameTag(lost: LostResource): string | undefined {
  const name = nameOf(lost);
  return typeof name === "string" ? `Name=${name}` : undefined;
}

function firstAddress(lost: LostResource): unknown {
  const addresses = lost.value("private_ips");
  return Array.isArray(addresses) ? (addresses as unknown[])[0] : undefined;
}

function partsOf(value: unknown): ResourceValues[] {
  return Array.isArray(value) ? (value as ResourceValues[]) : [];
}
