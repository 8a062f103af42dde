/**
 * The provider's data sources that find what an interrupted run created. Each lists by filters with
 * plural names, and fails where nothing matches, except for internet services and load balancers.
 */
import {
  Refusal,
  type DataSourceModel,
  type ProviderSchema,
  type Values,
} from "../../protocol/model";
import { blocksOf, stringOf, stringsOf } from "../values";
import { emptyPart } from "../data-lists";
import type { Account } from "./account";
import { stateOf } from "./load-balancer-state";
import { snapshotState } from "./snapshot";
import type { ApiObject, RouteTable, Tags } from "./objects";

/** An object's values of each filter. */
type Filters<T> = Readonly<Record<string, (object: T) => readonly string[]>>;

interface Listing<T extends ApiObject> {
  readonly type: string;
  /** The attribute that holds the list. */
  readonly attribute: string;
  readonly objects: () => readonly T[];
  readonly filters: Filters<T>;
  readonly show: (object: T) => Values;
  /** @default false */
  readonly mayBeEmpty?: boolean;
}

/** By data source type. */
export function lookUps(account: Account, schema: ProviderSchema): Record<string, DataSourceModel> {
  const list = <T extends ApiObject>(listing: Listing<T>) =>
    [listing.type, dataSource(listing, schema)] as const;
  return Object.fromEntries([
    list({
      type: "outscale_nets",
      attribute: "nets",
      objects: () => account.nets.all(),
      filters: { net_ids: ({ id }) => [id], ip_ranges: ({ ipRange }) => [ipRange] },
      show: (net) => ({ net_id: net.id, ip_range: net.ipRange, tenancy: net.tenancy }),
    }),
    list({
      type: "outscale_subnets",
      attribute: "subnets",
      objects: () => account.subnets.all(),
      filters: {
        subnet_ids: ({ id }) => [id],
        net_ids: ({ net }) => [net],
        ip_ranges: ({ ipRange }) => [ipRange],
      },
      show: (subnet) => ({
        subnet_id: subnet.id,
        net_id: subnet.net,
        ip_range: subnet.ipRange,
        subregion_name: subnet.subregion,
      }),
    }),
    list({
      type: "outscale_snapshots",
      attribute: "snapshots",
      objects: () => account.snapshots.all(),
      filters: {
        snapshot_ids: ({ id }) => [id],
        account_ids: () => [account.id],
        descriptions: ({ description }) => [description],
        states: (one) => [snapshotState(account, one)],
      },
      show: (one) => ({
        snapshot_id: one.id,
        account_id: account.id,
        description: one.description,
        creation_date: one.createdAt,
        state: snapshotState(account, one),
      }),
    }),
    list({
      type: "outscale_internet_services",
      attribute: "internet_services",
      objects: () => account.internetServices.all(),
      filters: {
        internet_service_ids: ({ id }) => [id],
        link_net_ids: ({ net }) => (net === undefined ? [] : [net]),
      },
      show: (service) => ({ internet_service_id: service.id, net_id: service.net ?? "" }),
      mayBeEmpty: true,
    }),
    list({
      type: "outscale_nat_services",
      attribute: "nat_services",
      objects: () => account.natServices.all(),
      filters: { net_ids: ({ net }) => [net], subnet_ids: ({ subnet }) => [subnet] },
      show: (nat) => ({
        nat_service_id: nat.id,
        net_id: nat.net,
        subnet_id: nat.subnet,
        state: "available",
        public_ips: [
          {
            public_ip_id: nat.publicIp,
            public_ip: account.publicIps.get(nat.publicIp)?.address ?? "",
          },
        ],
      }),
    }),
    list({
      type: "outscale_public_ips",
      attribute: "public_ips",
      objects: () => account.publicIps.all(),
      filters: {
        public_ip_ids: ({ id }) => [id],
        public_ips: ({ address }) => [address],
        placements: () => ["vpc"],
      },
      show: (ip) => ({
        public_ip_id: ip.id,
        public_ip: ip.address,
        link_public_ip_id: ip.link?.id ?? "",
        vm_id: ip.link?.vm ?? "",
        private_ip: ip.link?.privateIp ?? "",
      }),
    }),
    list({
      type: "outscale_route_tables",
      attribute: "route_tables",
      objects: () => account.routeTables.all(),
      filters: {
        route_table_ids: ({ id }) => [id],
        net_ids: ({ net }) => [net],
        link_subnet_ids: ({ links }) => links.map(({ subnet }) => subnet),
      },
      show: (table) => ({
        route_table_id: table.id,
        net_id: table.net,
        link_route_tables: shownLinks(table),
        routes: [],
      }),
    }),
    list({
      type: "outscale_security_groups",
      attribute: "security_groups",
      objects: () => account.securityGroups.all(),
      filters: {
        security_group_ids: ({ id }) => [id],
        security_group_names: ({ name }) => [name],
        net_ids: ({ net }) => (net === undefined ? [] : [net]),
      },
      show: (group) => ({
        security_group_id: group.id,
        security_group_name: group.name,
        net_id: group.net ?? "",
        account_id: account.id,
        inbound_rules: [],
        outbound_rules: [],
      }),
    }),
    list({
      type: "outscale_load_balancers",
      attribute: "load_balancer",
      objects: () => account.loadBalancers.all(),
      filters: { load_balancer_name: ({ id }) => [id], load_balancer_names: ({ id }) => [id] },
      show: (balancer) => ({
        load_balancer_name: balancer.id,
        load_balancer_type: balancer.type,
        subnet_id: [balancer.subnet],
        public_ip: balancer.publicAddress ?? "",
        state: stateOf(account, balancer),
      }),
      mayBeEmpty: true,
    }),
    list({
      type: "outscale_vms",
      attribute: "vms",
      objects: () => account.vms.all(),
      filters: {
        vm_ids: ({ id }) => [id],
        subnet_ids: ({ subnet }) => [subnet],
        private_ips: ({ privateIp }) => [privateIp],
      },
      show: (vm) => ({
        vm_id: vm.id,
        subnet_id: vm.subnet,
        private_ip: vm.privateIp,
        image_id: vm.image,
        vm_type: vm.type,
        state: vm.state,
        creation_date: vm.createdAt,
      }),
    }),
  ]);
}

function dataSource<T extends ApiObject>(
  { type, attribute, objects, filters, show, mayBeEmpty = false }: Listing<T>,
  schema: ProviderSchema,
): DataSourceModel {
  const empty = emptyPart(schema, type, attribute);
  return {
    read(config) {
      const wanted = blocksOf(config.filter);
      if (wanted.length === 0) throw new Refusal("one of filters, or an id must be assigned");
      const found = objects().filter((object) =>
        wanted.every((filter) => selects(filters, filter, object)),
      );
      if (found.length === 0 && !mayBeEmpty)
        throw new Refusal(
          "your query returned no results, change your search criteria and try again",
        );
      const parts = found.map((object) => ({
        ...empty,
        ...show(object),
        tags: shownTags(object.tags),
      }));
      return { ...config, id: `${type}-1`, request_id: null, [attribute]: parts };
    },
  };
}

function selects<T extends ApiObject>(filters: Filters<T>, filter: Values, object: T): boolean {
  const name = stringOf(filter.name) ?? "";
  const values = stringsOf(filter.values);
  if (name === "tags")
    return Object.entries(object.tags).some(([key, value]) => values.includes(`${key}=${value}`));
  const of = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (of === undefined)
    throw new Refusal(
      `datasource filter '${name}' is not implemented in the provider or not supported by the api`,
    );
  return of(object).some((value) => values.includes(value));
}

function shownLinks(table: RouteTable): Values[] {
  const links = table.links.map(({ id, subnet }) => ({
    link_route_table_id: id,
    route_table_to_subnet_link_id: id,
    main: false,
    route_table_id: table.id,
    subnet_id: subnet,
  }));
  const main = { link_route_table_id: `${table.id}-main`, route_table_to_subnet_link_id: "" };
  return table.isMain
    ? [{ ...main, main: true, route_table_id: table.id, subnet_id: "" }, ...links]
    : links;
}

function shownTags(tags: Tags): Values[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
