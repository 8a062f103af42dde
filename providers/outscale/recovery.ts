import type { CloudInfo } from "../../constructs/cloud-info";
import type {
  Candidate,
  DataLookUp,
  GoneCheck,
  LostResource,
} from "../../constructs/model/recovery";
import {
  blocksOf,
  type ResourceValues,
  stringOf,
  stringsOf,
} from "../../constructs/model/resource-values";

/**
 * "[code] type, details" (ErrorResponse.Error of osc-sdk-go v3). An object cannot be deleted while
 * another one exists that is deleted a moment later: conflicts (9029, 9031, 9085, 9095),
 * dependencies (1003 to 1018).
 */
const inUse = /\[\d+\] (DependencyProblem|ResourceConflict)\b/;

/** The provider's own refusal (unlink in resource_security_group.go): terminating machines still have their groups. */
const inUseAlone = /is the unique Security Group of the following/;

/** A creation has a conflict only when the object exists. */
const conflict = /\[\d+\] ResourceConflict\b/;

/** ErrNoResults of the provider. */
const noneMessage = /your query returned no results/;

/** What the provider reads though it is deleted: links that lost an end, and rules of a group that still exists. */
export const isGone = {
  internetServiceLink: ({ net_id }) => net_id === "",
  publicIpLink: ({ id }) => id === "",
  routeTableLink: ({ subnet_id }) => subnet_id === "",
  securityGroupRule: (rule, others) => {
    const group = others.find(({ security_group_id: id }) => id === rule["security_group_id"]);
    const there = blocksOf(group?.["inbound_rules"]);
    const parts = blocksOf(rule["rules"]);
    return !(parts.length > 0 ? parts : [rule]).every((part) => there.some(holds(part)));
  },
} satisfies Record<string, GoneCheck>;

/**
 * Each resource type that an Outscale stack can have, from the source of provider 1.8.0: every read
 * notices a deleted object, except where `isGone` checks. Tags are set by a call of their own,
 * after the creation; parts of the cluster's Net are found by their other attributes, with or
 * without tags.
 */
export const recovery: CloudInfo["recovery"] = {
  outscale_internet_service: {
    sdk: "framework",
    // Reads an empty list.
    lookUp: {
      ...filtered(
        "outscale_internet_services",
        "internet_services",
        "internet_service_id",
        (lost) => ({
          tags: nameTag(lost),
        }),
      ),
      // Its data source needs a filter, and no filter finds one without tags and Net.
      unlisted:
        "an internet service without tags and without a Net, as in: osc-cli api ReadInternetServices",
    },
    busyMessage: inUse,
  },
  outscale_internet_service_link: {
    sdk: "framework",
    importId: ({ attribute }) => attribute("internet_service_id"),
    lookUp: "import",
    isGone: isGone.internetServiceLink,
    existsMessage: conflict,
    busyMessage: inUse,
  },
  outscale_load_balancer: {
    sdk: "framework",
    importId: ({ attribute }) => attribute("load_balancer_name"),
    // Its name is unique in the account: another cluster's is not in this one's subnet.
    lookUp: {
      source: "outscale_load_balancers",
      arguments: (lost) => {
        const name = lost.attribute("load_balancer_name");
        if (name === undefined || lost.value("subnets") === undefined) return undefined;
        return { filter: [{ name: "load_balancer_names", values: [name] }] };
      },
      candidates: (read, lost) =>
        blocksOf(read["load_balancer"])
          .filter(({ subnet_id: subnets }) => isSameList(subnets, lost.value("subnets")))
          .filter(({ state }) => state !== "deleting" && state !== "deleted")
          .map(({ load_balancer_name: name }) => ({ id: String(name) })),
    },
    existsMessage: /\[9013\]|load balancer named \S+ already exists/i,
  },
  // Both only configure the load balancer and its backends.
  outscale_load_balancer_attributes: { importId: "none", lookUp: "create" },
  outscale_load_balancer_vms: { sdk: "framework", importId: "none", lookUp: "create" },
  outscale_nat_service: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_nat_services", "nat_services", "nat_service_id", (lost) => ({
        subnet_ids: lost.attribute("subnet_id"),
      })),
      // A deleted one is still listed for a while.
      candidates: (read, { attribute }) =>
        blocksOf(read["nat_services"])
          .filter(({ state }) => state !== "deleted" && state !== "deleting")
          .filter(({ public_ips: ips }) =>
            blocksOf(ips).some(({ public_ip_id: id }) => id === attribute("public_ip_id")),
          )
          .map(({ nat_service_id: id }) => ({ id: String(id) })),
    },
    existsMessage: /public IP \S+ is (in use|already held) by/i,
    busyMessage: inUse,
  },
  outscale_net: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_nets", "nets", "net_id", (lost) => ({
        ip_ranges: lost.attribute("ip_range"),
      })),
      candidates: (read, lost) => taggedOrBare(blocksOf(read["nets"]), "net_id", lost),
    },
    busyMessage: inUse,
  },
  outscale_public_ip: {
    sdk: "framework",
    lookUp: {
      source: "outscale_public_ips",
      arguments: () => ({ filter: [{ name: "placements", values: ["standard", "vpc"] }] }),
      candidates: (read, lost) =>
        taggedOrBare(
          blocksOf(read["public_ips"]).filter(({ link_public_ip_id: link }) => !link),
          "public_ip_id",
          lost,
        ),
      noneMessage,
    },
    busyMessage: inUse,
  },
  outscale_public_ip_link: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_public_ips", "public_ips", "link_public_ip_id", (lost) => ({
        public_ip_ids: lost.attribute("public_ip_id"),
      })),
      candidates: (read, { attribute }) =>
        blocksOf(read["public_ips"])
          .filter(({ link_public_ip_id: link }) => Boolean(link))
          .filter(({ vm_id: vm }) => vm === attribute("vm_id"))
          .map(({ link_public_ip_id: id }) => ({ id: String(id) })),
    },
    isGone: isGone.publicIpLink,
    existsMessage: /public IP \S+ is (in use by|already linked to)/i,
  },
  outscale_route: {
    sdk: "framework",
    importId: joined("route_table_id", "destination_ip_range"),
    lookUp: "import",
    existsMessage: conflict,
  },
  outscale_route_table: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_route_tables", "route_tables", "route_table_id", (lost) => ({
        net_ids: lost.attribute("net_id"),
      })),
      candidates: (read, lost) => {
        const own = blocksOf(read["route_tables"]).filter(
          ({ link_route_tables: links }) => !blocksOf(links).some(({ main }) => main === true),
        );
        const tagged = own.filter(hasName(lost));
        const bare = own.filter(({ tags }) => blocksOf(tags).length === 0);
        return (tagged.length > 0 ? tagged : bare).map(({ route_table_id: id }) => ({
          id: String(id),
        }));
      },
    },
    busyMessage: inUse,
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
        blocksOf(read["route_tables"])
          .flatMap(({ link_route_tables: links }) => blocksOf(links))
          .filter(({ subnet_id: subnet }) => subnet === attribute("subnet_id"))
          .filter(({ route_table_id: table }) => table === attribute("route_table_id"))
          .map((link) => ({
            id: String(link["link_route_table_id"] ?? link["route_table_to_subnet_link_id"]),
          })),
    },
    isGone: isGone.routeTableLink,
    existsMessage: conflict,
  },
  outscale_security_group: {
    sdk: "framework",
    lookUp: {
      ...filtered("outscale_security_groups", "security_groups", "security_group_id", (lost) => ({
        net_ids: lost.attribute("net_id"),
        security_group_names: lost.attribute("security_group_name"),
      })),
    },
    existsMessage: /\[9008\]|the name \S+ is already used|named \S+ already exists/i,
    busyMessage: new RegExp(`${inUse.source}|${inUseAlone.source}`),
  },
  outscale_security_group_rule: {
    sdk: "framework",
    // A rule for the members of a group has no range, and therefore no import id. Its own is its
    // group's.
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
    existsMessage: conflict,
  },
  outscale_subnet: {
    sdk: "framework",
    lookUp: filtered("outscale_subnets", "subnets", "subnet_id", (lost) => ({
      net_ids: lost.attribute("net_id"),
      ip_ranges: lost.attribute("ip_range"),
    })),
    existsMessage: /\[9058\]|overlaps the subnet/i,
    busyMessage: inUse,
  },
  outscale_vm: {
    // A machine has its private address from its creation on, and no other machine can have it.
    lookUp: {
      ...filtered("outscale_vms", "vms", "vm_id", (lost) => ({
        subnet_ids: lost.attribute("subnet_id"),
      })),
      candidates: (read, lost) =>
        blocksOf(read["vms"])
          .filter((vm) => vm["private_ip"] === firstAddress(lost) || hasName(lost)(vm))
          .filter(({ state }) => state !== "shutting-down")
          .map(({ vm_id: id, creation_date: date }) => ({
            id: String(id),
            ...(typeof date === "string" ? { createdAt: date } : {}),
          })),
    },
    existsMessage: /private ?IP \S+ is (already )?in use/i,
  },
};

/** An id that consists of attributes only. */
function joined(...names: string[]) {
  return ({ attribute }: LostResource): string | undefined => {
    const parts = names.map(attribute);
    return parts.includes(undefined) ? undefined : parts.join("_");
  };
}

/** A data source with filters; everything that it reads matches. */
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
    candidates: (read) => blocksOf(read[parts]).map((part) => ({ id: String(part[id]) })),
    noneMessage,
  };
}

/** What has the resource's name; otherwise what has no tags yet, and may be another cluster's. */
function taggedOrBare(
  parts: readonly ResourceValues[],
  id: string,
  lost: LostResource,
): Candidate[] {
  const tagged = parts.filter(hasName(lost));
  if (tagged.length > 0) return tagged.map((part) => ({ id: String(part[id]) }));
  return parts
    .filter(({ tags }) => blocksOf(tags).length === 0)
    .map((part) => ({ id: String(part[id]), isUncertain: true }));
}

function hasName(lost: LostResource) {
  const name = nameOf(lost);
  return ({ tags }: ResourceValues): boolean =>
    name !== undefined && blocksOf(tags).some(({ key, value }) => key === "Name" && value === name);
}

function nameOf(lost: LostResource): unknown {
  return blocksOf(lost.value("tags")).find(({ key }) => key === "Name")?.["value"];
}

/** In the format of the filter `tags`. */
function nameTag(lost: LostResource): string | undefined {
  const name = nameOf(lost);
  return typeof name === "string" ? `Name=${name}` : undefined;
}

function firstAddress(lost: LostResource): unknown {
  const addresses = lost.value("private_ips");
  return Array.isArray(addresses) ? (addresses as unknown[])[0] : undefined;
}

function isSameList(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The API returns rules of the same protocol and ports as one, with several networks and members. */
function holds(rule: ResourceValues) {
  const networks = [rule["ip_range"], ...stringsOf(rule["ip_ranges"])].flatMap(
    (one) => stringOf(one) ?? [],
  );
  return (shown: ResourceValues): boolean =>
    shown["ip_protocol"] === rule["ip_protocol"] &&
    (rule["ip_protocol"] === "-1" || portsOf(shown) === portsOf(rule)) &&
    networks.every((one) => stringsOf(shown["ip_ranges"]).includes(one)) &&
    membersOf(rule).every((one) => membersOf(shown).includes(one));
}

const portsOf = (rule: ResourceValues) =>
  `${String(rule["from_port_range"])}-${String(rule["to_port_range"])}`;

const membersOf = (rule: ResourceValues) =>
  blocksOf(rule["security_groups_members"]).map((member) => member["security_group_id"]);
