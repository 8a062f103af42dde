/** Data source of networks: the project's own, and Ext-Net. */
import { Refusal, type DataSourceModel, type Values } from "../../protocol/model";
import { numberOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { ROUTER_MTU, externalNetworkOf } from "./catalogue";
import { checkRegion } from "./endpoints";
import { OPERATOR_PROJECT } from "./ids";
import { NO_RESULTS } from "./image-data";

export function networkData(account: Account): DataSourceModel {
  return {
    read(config) {
      const region = stringOf(config.region) ?? account.region;
      checkRegion(account, region, "network");
      const found = networksIn(account, region).filter((network) => matches(network, config));
      const [only] = found;
      if (only === undefined) throw new Refusal(NO_RESULTS);
      if (found.length > 1)
        throw new Refusal(
          "Your query returned more than one result. Please try a more specific search criteria",
        );
      return { ...config, ...only.shown, region };
    },
  };
}

interface Found {
  readonly shown: Values;
  readonly cidrs: readonly string[];
}

function networksIn(account: Account, region: string): Found[] {
  const external = externalNetworkOf(region);
  const common = { transparent_vlan: false, availability_zone_hints: [], dns_domain: "" };
  const own = account.networks
    .all()
    .filter((network) => network.region === region)
    .map((network) => {
      const subnets = account.subnets.all().filter((subnet) => subnet.network === network.id);
      const shown = {
        ...common,
        id: network.id,
        name: network.name,
        description: network.description,
        admin_state_up: String(network.adminStateUp),
        shared: "false",
        external: false,
        tenant_id: network.projectId,
        mtu: network.mtu,
        all_tags: network.tags,
        subnets: subnets.map(({ id }) => id),
        segments: network.segments.map((segment) => ({
          network_type: segment.networkType,
          physical_network: segment.physicalNetwork,
          segmentation_id: segment.segmentationId,
        })),
      };
      return { shown, cidrs: subnets.map(({ cidr }) => cidr) };
    });
  const shown = {
    ...common,
    id: external.id,
    name: external.name,
    description: "",
    admin_state_up: "true",
    shared: "false",
    external: true,
    tenant_id: OPERATOR_PROJECT,
    mtu: ROUTER_MTU,
    all_tags: [],
    subnets: [external.ipv4Subnet, external.ipv6Subnet],
    segments: [],
  };
  return [{ shown, cidrs: [] }, ...own];
}

function matches({ shown: network, cidrs }: Found, config: Values): boolean {
  const same = ["name", "description", "tenant_id"].every(
    (name) => (stringOf(config[name]) ?? network[name]) === network[name],
  );
  const id = stringOf(config.network_id);
  const cidr = stringOf(config.matching_subnet_cidr);
  const tags = stringsOf(network.all_tags);
  return (
    same &&
    (id === undefined || id === network.id) &&
    (config.external === null || config.external === network.external) &&
    (config.transparent_vlan === null || config.transparent_vlan === network.transparent_vlan) &&
    (config.mtu === null || numberOf(config.mtu) === network.mtu) &&
    ["ACTIVE", undefined].includes(stringOf(config.status)) &&
    stringsOf(config.tags).every((tag) => tags.includes(tag)) &&
    (cidr === undefined || cidrs.includes(cidr))
  );
}
