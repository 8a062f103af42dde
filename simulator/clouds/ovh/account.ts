/** One simulated project: its objects in all regions, its limits, and what every service needs of it. */
import { randomUUID } from "node:crypto";
import { Refusal, type CallContext, type Values } from "../../protocol/model";
import type { World } from "../../world";
import { nextPublicAddress } from "../addresses";
import { stringOf, stringsOf } from "../values";
import type { Quotas } from "./catalogue";
import { Collection } from "./collection";
import {
  computeError,
  imageError,
  networkError,
  notFoundInLoadBalancing,
  notFoundInNetwork,
  type ApiError,
} from "./errors";
import { PROJECT } from "./ids";
import type * as api from "./objects";

export interface AccountLimits {
  /** Zones by region. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
  readonly quotas: Quotas;
  /** Flavors for which no host has capacity. */
  readonly outOfStock: readonly string[];
  /** Maximum number of servers of a zone, by zone; other zones have no limit. */
  readonly zoneCapacity: Readonly<Record<string, number>>;
  readonly hostsPerZone: number;
  readonly routerAddresses: "ipv4-first" | "ipv6-first" | "by-id";
}

export class Account {
  readonly networks = this.collection<api.Network>("networking_network", inNetwork("Network"));
  readonly subnets = this.collection<api.Subnet>("networking_subnet", inNetwork("Subnet"));
  readonly routers = this.collection<api.Router>("networking_router", inNetwork("Router"));
  readonly ports = this.collection<api.Port>("networking_port", inNetwork("Port"));
  readonly floatingIps = this.collection<api.FloatingIp>("networking_floatingip", (id) =>
    networkError(404, "FloatingIPNotFound", `Floating IP ${id} could not be found`),
  );
  readonly securityGroups = this.collection<api.SecurityGroup>("networking_secgroup", (id) =>
    networkError(404, "SecurityGroupNotFound", `Security group ${id} does not exist`),
  );
  readonly securityRules = this.collection<api.SecurityRule>("networking_secgroup_rule", (id) =>
    networkError(404, "SecurityGroupRuleNotFound", `Security group rule ${id} does not exist`),
  );
  readonly loadBalancers = this.collection<api.LoadBalancer>(
    "lb_loadbalancer",
    inLoadBalancing("Load Balancer"),
  );
  readonly listeners = this.collection<api.Listener>("lb_listener", inLoadBalancing("Listener"));
  readonly pools = this.collection<api.Pool>("lb_pool", inLoadBalancing("Pool"));
  readonly members = this.collection<api.Member>("lb_member", inLoadBalancing("Member"));
  readonly monitors = this.collection<api.Monitor>("lb_monitor", inLoadBalancing("Health Monitor"));
  readonly serverGroups = this.collection<api.ServerGroup>("compute_servergroup", (id) =>
    computeError(404, `Instance group ${id} could not be found.`),
  );
  readonly servers = this.collection<api.Server>("compute_instance", (id) =>
    computeError(404, `Instance ${id} could not be found.`),
  );
  /** Ids that no new image can have. */
  readonly deletedImages = new Set<string>();
  readonly images = this.collection<api.Image>("images_image", (id) =>
    imageError(404, `Failed to find image ${id}`),
  );

  /** The provider block's region; otherwise the first of the regions. */
  region: string;

  private lastSequence: number | undefined;
  private lastPublicAddress: string | undefined;
  private readonly all: Collection<api.ApiObject>[];

  constructor(
    readonly world: World,
    readonly limits: AccountLimits,
  ) {
    this.region = Object.keys(limits.regions)[0] ?? "";
    this.all = Object.values(this).filter(
      (field): field is Collection<api.ApiObject> => field instanceof Collection,
    );
  }

  private collection<T extends api.ApiObject>(kind: string, missing: (id: string) => ApiError) {
    return new Collection<T>(() => this.world.store, `openstack_${kind}_v2`, missing);
  }

  now(): number {
    return this.world.clock.now().getTime();
  }

  /** So many simulated milliseconds from now, in epoch milliseconds. */
  after(milliseconds: number): number {
    return this.now() + milliseconds * this.world.clock.timeScale;
  }

  /** RFC 3339 without fractions. */
  timestamp(): string {
    return this.world.clock
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, "Z");
  }

  /** The next number in the order of events; continues after a restart. */
  nextSequence(): number {
    this.lastSequence ??= Math.max(
      0,
      ...this.all.flatMap((objects) => objects.all().map(({ sequence }) => sequence)),
    );
    return ++this.lastSequence;
  }

  /** Fields of every new object. */
  newObject(region: string, planned: Values, projectId = PROJECT): api.ApiObject {
    const now = this.timestamp();
    return {
      id: randomUUID(),
      region,
      projectId,
      name: stringOf(planned.name) ?? "",
      description: stringOf(planned.description) ?? "",
      tags: stringsOf(planned.tags),
      adminStateUp: planned.admin_state_up !== false,
      createdAt: now,
      updatedAt: now,
      sequence: this.nextSequence(),
      readyAt: 0,
    };
  }

  touch(object: api.ApiObject): void {
    object.updatedAt = this.timestamp();
    this.world.store.save();
  }

  /** How many objects of its own the project has in a region. */
  count(objects: Collection<api.ApiObject>, region: string): number {
    return objects
      .all()
      .filter((object) => object.region === region && object.projectId === PROJECT).length;
  }

  /** A documentation address that no object of this project has. */
  takePublicAddress(): string {
    const taken = [
      ...this.floatingIps.all().map(({ address }) => address),
      ...this.routers.all().flatMap(({ externalIps }) => externalIps.map(({ address }) => address)),
      ...this.ports.all().flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address)),
    ];
    const address = nextPublicAddress(new Set(taken), this.lastPublicAddress);
    if (address === undefined)
      throw new Refusal("The simulated cloud has no public address left (506 are in use).");
    this.lastPublicAddress = address;
    return address;
  }

  isReady(object: api.ApiObject): boolean {
    return this.now() >= object.readyAt;
  }

  /**
   * Puts an object into a transient state and waits for its end, as the provider does. The state
   * ends even when no call waits any more.
   */
  async settle(
    object: api.ApiObject,
    milliseconds: number,
    context: Pick<CallContext, "wait">,
  ): Promise<void> {
    object.readyAt = this.after(milliseconds);
    this.world.store.save();
    await context.wait(milliseconds);
    // Not saved: after a restart this time is in the past.
    object.readyAt = Math.min(object.readyAt, this.now());
  }
}

function inNetwork(kind: string) {
  return (id: string) => notFoundInNetwork(kind, id);
}

function inLoadBalancing(kind: string) {
  return (id: string) => notFoundInLoadBalancing(kind, id);
}
