/** The simulated Outscale: its provider, as tofu sees it, and its cloud, as machines see it. */
import type { Cloud } from "../../machines";
import { pinnedSchema } from "../../pinned-schema";
import type { Diagnostic, ProviderModel, Values } from "../../protocol/model";
import type { World } from "../../world";
import { blockOf, stringOf, unlimited } from "../values";
import { Account, type AccountLimits, type Quotas } from "./account";
import { balancersOf } from "./balancers";
import { balancerViews, type BalancerView } from "./backends";
import { DEFAULT_SUBREGIONS } from "./catalogue";
import { DEFAULT_IMAGES, seedImages, type SeededImage } from "./image";
import { accountData } from "./account-data";
import { image } from "./image-resource";
import { imageData } from "./image-data";
import { internetService } from "./internet-service";
import { internetServiceLink } from "./internet-service-link";
import { loadBalancer } from "./load-balancer";
import { loadBalancerAttributes } from "./load-balancer-attributes";
import { loadBalancerVms } from "./load-balancer-vms";
import { lookUps } from "./look-ups";
import { dropped, machinesOf } from "./machines";
import { natService } from "./nat-service";
import { net } from "./net";
import { publicIp } from "./public-ip";
import { publicIpLink } from "./public-ip-link";
import { resourceModel, type Kind } from "./resource";
import { route } from "./route";
import { routeTable } from "./route-table";
import { routeTableLink } from "./route-table-link";
import { securityGroup } from "./security-group";
import { securityGroupRule } from "./security-group-rule";
import { snapshot } from "./snapshot";
import { subnet } from "./subnet";
import { vm } from "./vm";

export interface OutscaleOptions {
  /**
   * Images that a user has imported beforehand, besides Outscale's public ones.
   * @default - one for aws, named "talos"
   */
  readonly images?: readonly SeededImage[];
  /** Another account publishes a newer image of each of these names, visible to this account. @default true */
  readonly lookalikeImages?: boolean;
  /** Differences from an ordinary account. */
  readonly quotas?: Quotas | "unlimited";
  /** Letters of the account's subregions. @default "a" and "b" */
  readonly subregions?: readonly string[];
  /** VM types that are sold out: their machines start in state "stopped". @default none */
  readonly outOfStock?: readonly string[];
  /** New load balancers stay in state "provisioning" forever. @default false */
  readonly stuckLoadBalancer?: boolean;
  /** Resource types whose first call for tags fails, after the creation. @default none */
  readonly failingTags?: readonly string[];
}

/** An Outscale as its machines and the clients of its load balancers see it. */
export interface OutscaleCloud extends Cloud {
  loadBalancers(): BalancerView[];
}

const QUOTAS: Required<Quotas> = {
  nets: 5,
  publicIps: 5,
  loadBalancers: 5,
  internetServices: 5,
  securityGroupsPerNet: 500,
  vms: 20,
  snapshots: 500,
};

export function createOutscale(
  world: World,
  options: OutscaleOptions = {},
): { provider: ProviderModel; cloud: OutscaleCloud } {
  const limits: AccountLimits = {
    quotas: options.quotas === "unlimited" ? unlimited(QUOTAS) : { ...QUOTAS, ...options.quotas },
    subregions: options.subregions ?? DEFAULT_SUBREGIONS,
    outOfStock: options.outOfStock ?? [],
    stuckLoadBalancer: options.stuckLoadBalancer ?? false,
    failingTags: options.failingTags ?? [],
  };
  const account = new Account(world, limits);
  seedImages(account, options.images ?? DEFAULT_IMAGES, options.lookalikeImages ?? true);
  const schema = pinnedSchema("outscale");
  const resource = <T extends object>(kind: Kind<T>) => resourceModel(account, schema, kind);

  return {
    provider: {
      source: "outscale/outscale",
      schema,
      // Data sources only; each resource adds itself.
      legacyTypeSystem: true,
      configure: (config) => configure(account, config),
      resources: Object.fromEntries([
        resource(net(account)),
        resource(subnet(account)),
        resource(internetService(account)),
        resource(internetServiceLink(account)),
        resource(routeTable(account)),
        resource(route(account)),
        resource(routeTableLink(account)),
        resource(natService(account)),
        resource(publicIp(account)),
        resource(publicIpLink(account)),
        resource(securityGroup(account)),
        resource(securityGroupRule(account)),
        resource(snapshot(account)),
        resource(image(account)),
        resource(vm(account)),
        resource(loadBalancer(account)),
        resource(loadBalancerAttributes(account)),
        resource(loadBalancerVms(account)),
      ]),
      dataSources: {
        ...lookUps(account, schema),
        outscale_account: accountData(account),
        outscale_image: imageData(account),
      },
    },
    cloud: {
      name: "outscale",
      machines: () => machinesOf(account),
      drops: (source, address, port) => dropped(account, source, address, port),
      balancers: () => balancersOf(account),
      loadBalancers: () => balancerViews(account),
    },
  };
}

/** Keys are not checked: the real provider accepts any until its first call. */
function configure(account: Account, config: Values): Diagnostic[] {
  account.region =
    stringOf(blockOf(config.api)?.region) ?? stringOf(config.region) ?? account.region;
  return [];
}
