/** The simulated Scaleway: its provider, as tofu sees it, and its cloud, as machines see it. */
import type { Cloud } from "../../machines";
import { pinnedSchema } from "../../pinned-schema";
import type { Diagnostic, ProviderModel, Values } from "../../protocol/model";
import type { World } from "../../world";
import { Account, type AccountLimits } from "./account";
import { backend } from "./backend";
import { balancersOf } from "./balancers";
import type { Verification } from "./catalogue";
import { isUuid } from "./ids";
import { frontend } from "./frontend";
import { gateway, gatewayIp } from "./gateway";
import { gatewayNetwork } from "./gateway-network";
import { image, seedImages, type SeededImage } from "./image";
import { imageData, marketplaceData } from "./image-data";
import { instanceIp } from "./instance-ip";
import { ipamIp } from "./ipam";
import { loadBalancer } from "./load-balancer";
import { loadBalancerIp } from "./load-balancer-ip";
import { machinesOf } from "./machines";
import { blockVolume } from "./block-volume";
import { bucket, storedObject } from "./object-storage";
import type { ApiObject } from "./objects";
import { projectData } from "./project-data";
import { lookUps } from "./look-ups";
import { placementGroup } from "./placement-group";
import { privateNetwork } from "./private-network";
import { privateNic } from "./private-nic";
import { resourceModel, type Kind } from "./resource";
import { securityGroup } from "./security-group";
import { server } from "./server";
import { snapshot } from "./snapshot";
import { stringOf } from "../values";
import { vpc } from "./vpc";

export interface ScalewayOptions {
  /**
   * Images that a user has imported into the account beforehand.
   * @default - one for nocloud, named "talos", in every zone
   */
  readonly images?: readonly SeededImage[];
  /** Another organization publishes a newer image of each of these names, visible to this account. @default true */
  readonly lookalikeImages?: boolean;
  /**
   * Which quotas apply: of an account with a payment method only, of a verified identity, or none.
   * @default "unverified"
   */
  readonly quotas?: Verification;
  /** Machine types that are sold out. @default none */
  readonly outOfStock?: readonly string[];
  /** The API refuses to delete an attached NIC (412), as provider 2.81.0 met it. @default false */
  readonly refuseAttachedNicDeletion?: boolean;
}

export function createScaleway(
  world: World,
  options: ScalewayOptions = {},
): { provider: ProviderModel; cloud: Cloud } {
  const limits: AccountLimits = {
    verification: options.quotas ?? "unverified",
    outOfStock: options.outOfStock ?? [],
    refuseAttachedNicDeletion: options.refuseAttachedNicDeletion ?? false,
  };
  const account = new Account(world, limits);
  seedImages(account, options.images ?? [{ name: "talos" }], options.lookalikeImages ?? true);
  const schema = pinnedSchema("scaleway");
  const resource = <T extends ApiObject>(kind: Kind<T>) =>
    [kind.objects.kind, resourceModel(account, schema, kind)] as const;

  const resources = Object.fromEntries([
    resource(vpc(account)),
    resource(privateNetwork(account)),
    resource(ipamIp(account)),
    resource(gatewayIp(account)),
    resource(gateway(account)),
    resource(gatewayNetwork(account)),
    resource(loadBalancerIp(account)),
    resource(loadBalancer(account)),
    resource(backend(account)),
    resource(frontend(account)),
    resource(instanceIp(account)),
    resource(securityGroup(account)),
    resource(placementGroup(account)),
    resource(server(account)),
    resource(blockVolume(account)),
    resource(privateNic(account)),
    resource(image(account)),
    resource(snapshot(account)),
    resource(bucket(account)),
    resource(storedObject(account)),
  ]);

  return {
    provider: {
      source: "scaleway/scaleway",
      schema,
      legacyTypeSystem: true,
      configure: (config) => configure(account, config),
      resources,
      dataSources: {
        ...lookUps(account, schema, resources),
        scaleway_account_project: projectData(account),
        scaleway_instance_image: imageData(account),
        scaleway_marketplace_image: marketplaceData(account),
      },
    },
    cloud: {
      name: "scaleway",
      machines: () => machinesOf(account),
      balancers: () => balancersOf(account),
    },
  };
}

/** Malformed credentials are refused here; missing ones fail only at the real API's first call. */
function configure(account: Account, config: Values): Diagnostic[] {
  const problems: string[] = [];
  const accessKey = stringOf(config.access_key);
  if (accessKey !== undefined && !/^SCW[A-Z0-9]{17}$/.test(accessKey))
    problems.push(`invalid access key format '${accessKey}', expected SCWXXXXXXXXXXXXXXXXX format`);
  const secretKey = stringOf(config.secret_key);
  if (secretKey !== undefined && !isUuid(secretKey))
    problems.push(
      "invalid secret key format '********', expected a UUID: xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    );
  const projectId = stringOf(config.project_id);
  if (projectId !== undefined && !isUuid(projectId))
    problems.push(
      `invalid project ID format '${projectId}', expected a UUID: xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`,
    );
  account.defaults = {
    zone: stringOf(config.zone) ?? account.defaults.zone,
    region: stringOf(config.region) ?? account.defaults.region,
    projectId: projectId ?? account.defaults.projectId,
  };
  return problems.map((text) => ({ severity: "error", summary: `scaleway-sdk-go: ${text}` }));
}
