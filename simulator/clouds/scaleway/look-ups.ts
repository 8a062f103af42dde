/**
 * The provider's data sources that find what an interrupted run created: lists that may be empty,
 * and data sources of one object that fail where there is none or more than one.
 */
import {
  Refusal,
  type DataSourceModel,
  type ProviderSchema,
  type ResourceModel,
  type Values,
} from "../../protocol/model";
import { emptyPart } from "../data-lists";
import type { Account } from "./account";
import { bareId } from "./ids";
import type { ApiObject } from "./objects";
import { stringOf, stringsOf } from "../values";

type Resources = Readonly<Record<string, ResourceModel>>;

/** By data source type. */
export function lookUps(
  account: Account,
  schema: ProviderSchema,
  resources: Resources,
): Record<string, DataSourceModel> {
  return { ...lists(account, schema), ...singles(account, schema, resources) };
}

/** Each reads an empty list where nothing matches. */
function lists(account: Account, schema: ProviderSchema): Record<string, DataSourceModel> {
  const list = (
    type: string,
    attribute: string,
    locality: "zone" | "region",
    read: (config: Values, place: string) => Values[],
  ): Record<string, DataSourceModel> => ({
    [type]: {
      read(config) {
        const place = stringOf(config[locality]) ?? account.defaults[locality];
        const parts = read(config, place).map((part) => ({
          ...emptyPart(schema, type, attribute),
          ...part,
        }));
        return { ...config, id: place, [locality]: place, [attribute]: parts };
      },
    },
  });
  return {
    // The API's own filter matches substrings of the name.
    ...list("scaleway_instance_servers", "servers", "zone", (config, zone) =>
      account.servers
        .all()
        .filter((one) => one.locality === zone && one.name.includes(stringOf(config.name) ?? ""))
        .filter(hasTags(config))
        .map((one) => ({
          id: one.id,
          name: one.name,
          type: one.type,
          tags: one.tags,
          zone,
          state: one.state,
          security_group_id: one.securityGroup,
          project_id: one.projectId,
        })),
    ),
    ...list("scaleway_ipam_ips", "ips", "region", (config, region) =>
      account.privateIps
        .all()
        .filter((one) => one.locality === region)
        // The provider passes the id to the API unchanged; the API does not know a region prefix.
        .filter(isExactly(stringOf(config.private_network_id)))
        .filter(hasTags(config))
        .map((one) => ({
          id: one.id,
          address: one.cidr,
          resource: [],
          tags: one.tags,
          created_at: one.createdAt,
          updated_at: one.updatedAt,
          region,
          project_id: one.projectId,
        })),
    ),
    ...list("scaleway_lbs", "lbs", "zone", (config, zone) =>
      account.loadBalancers
        .all()
        .filter((one) => one.locality === zone && one.name.includes(stringOf(config.name) ?? ""))
        .filter(hasTags(config))
        .map((one) => ({
          id: one.id,
          name: one.name,
          tags: one.tags,
          type: one.type,
          zone,
          created_at: one.createdAt,
          updated_at: one.updatedAt,
        })),
    ),
    ...list("scaleway_lb_ips", "ips", "zone", (config, zone) =>
      account.loadBalancerIps
        .all()
        .filter((one) => one.locality === zone)
        .filter(hasTags(config))
        .map((one) => ({
          id: one.id,
          ip_address: one.address,
          lb_id: one.attachedTo === undefined ? "" : bareId(one.attachedTo),
          tags: one.tags,
          zone,
        })),
    ),
    ...list("scaleway_lb_backends", "backends", "zone", (config) =>
      account.backends
        .all()
        .filter(isIn(config, "lb_id", (one) => one.loadBalancer))
        .filter((one) => one.name.includes(stringOf(config.name) ?? ""))
        .map((one) => ({
          id: one.id,
          name: one.name,
          lb_id: one.loadBalancer,
          forward_port: one.forwardPort,
          server_ips: one.serverIps,
          created_at: one.createdAt,
          update_at: one.updatedAt,
        })),
    ),
    ...list("scaleway_lb_frontends", "frontends", "zone", (config) =>
      account.frontends
        .all()
        .filter(isIn(config, "lb_id", (one) => one.loadBalancer))
        .filter((one) => one.name.includes(stringOf(config.name) ?? ""))
        .map((one) => ({
          id: one.id,
          name: one.name,
          lb_id: one.loadBalancer,
          backend_id: bareId(one.backend),
          inbound_port: one.inboundPort,
          created_at: one.createdAt,
          update_at: one.updatedAt,
        })),
    ),
  };
}

/** Each has the attributes of its resource, and fails where there is none or more than one. */
function singles(
  account: Account,
  schema: ProviderSchema,
  resources: Resources,
): Record<string, DataSourceModel> {
  const single = <T extends ApiObject>(
    type: string,
    idAttribute: string,
    locality: "zone" | "region",
    find: (config: Values, place: string) => T,
    stateId: (found: T) => string = ({ id }) => id,
  ): Record<string, DataSourceModel> => ({
    [type]: {
      async read(config, context) {
        const place = stringOf(config[locality]) ?? account.defaults[locality];
        const id = stateId(find(config, place));
        const shown = (await resources[type]?.read({ ...config, id }, context)) ?? {};
        const names = Object.keys(schema.data_source_schemas?.[type]?.block.attributes ?? {});
        const known = Object.entries(shown).filter(([name]) => names.includes(name));
        return { ...config, ...Object.fromEntries(known), id, [idAttribute]: id };
      },
    },
  });
  return {
    ...single("scaleway_vpc", "vpc_id", "region", (config, region) =>
      named(account.vpcs.all(), config, region),
    ),
    ...single("scaleway_vpc_private_network", "private_network_id", "region", (config, region) =>
      named(
        account.privateNetworks.all().filter(isIn(config, "vpc_id", (one) => one.vpc)),
        config,
        region,
      ),
    ),
    ...single("scaleway_vpc_public_gateway", "public_gateway_id", "zone", (config, zone) =>
      named(account.gateways.all(), config, zone),
    ),
    ...single("scaleway_instance_security_group", "security_group_id", "zone", (config, zone) =>
      named(account.securityGroups.all(), config, zone),
    ),
    scaleway_block_snapshot: {
      // It does not wait until the snapshot is ready, as the resource's read does.
      read(config) {
        const name = stringOf(config.name) ?? "";
        const zone = stringOf(config.zone) ?? account.defaults.zone;
        const { id, projectId } = only(
          account.snapshots.all().filter((one) => one.locality === zone && one.name === name),
          `no snapshot found with the name ${name}`,
          `more than 1 snapshot found with the same name ${name}`,
        );
        return { ...config, id, snapshot_id: id, zone, project_id: projectId };
      },
    },
    ...single("scaleway_vpc_gateway_network", "gateway_network_id", "zone", (config, zone) => {
      const found = account.gatewayNetworks
        .all()
        .filter((one) => one.locality === zone)
        .filter(isIn(config, "gateway_id", (one) => one.gateway))
        .filter(isIn(config, "private_network_id", (one) => one.privateNetwork));
      return only(
        found,
        "no gateway network found with the filters",
        `${found.length} gateway networks found with filters`,
      );
    }),
    ...single(
      "scaleway_instance_private_nic",
      "private_nic_id",
      "zone",
      (config) => {
        const network = bareId(stringOf(config.private_network_id) ?? "");
        return only(
          account.nics
            .all()
            .filter(isIn(config, "server_id", (one) => one.server))
            .filter(isIn(config, "private_network_id", (one) => one.privateNetwork)),
          `could not find a private_nic for private network (${network})`,
          `found more than one private nic for request private network (${network})`,
        );
      },
      (nic) => `${nic.locality}/${bareId(nic.server)}/${bareId(nic.id)}`,
    ),
  };
}

function named<T extends ApiObject>(objects: readonly T[], config: Values, place: string): T {
  const name = stringOf(config.name) ?? "";
  return only(
    objects.filter((one) => one.locality === place && one.name === name),
    `no element found with the name ${name}`,
    `multiple elements found with the name ${name}`,
  );
}

/** @throws Refusal with this message */
function only<T>(found: readonly T[], none: string, several: string): T {
  const [first] = found;
  if (first === undefined) throw new Refusal(none);
  if (found.length > 1) throw new Refusal(several);
  return first;
}

function isIn<T extends ApiObject>(config: Values, name: string, of: (object: T) => string) {
  const wanted = stringOf(config[name]);
  return (object: T): boolean => wanted === undefined || bareId(wanted) === bareId(of(object));
}

function isExactly(network: string | undefined) {
  return ({ privateNetwork }: { readonly privateNetwork: string }): boolean =>
    network === undefined || network === bareId(privateNetwork);
}

function hasTags({ tags }: Values) {
  return (object: ApiObject): boolean => stringsOf(tags).every((tag) => object.tags.includes(tag));
}
