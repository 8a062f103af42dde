/** One simulated organization: its objects, its limits, and what every product's API needs of it. */
import { randomUUID } from "node:crypto";
import { Refusal, type CallContext } from "../../protocol/model";
import type { World } from "../../world";
import { nextPublicAddress } from "../addresses";
import { DEFAULT_REGION, DEFAULT_ZONE, QUOTAS, type Verification } from "./catalogue";
import { Collection } from "./collection";
import { quotaExceeded, transientState } from "./errors";
import { bareId } from "./ids";
import type * as api from "./objects";

export interface AccountLimits {
  readonly verification: Verification;
  /** Machine types that are sold out everywhere. */
  readonly outOfStock: readonly string[];
  /** Deleting an attached NIC is answered with 412, as provider 2.81.0 met it. */
  readonly refuseAttachedNicDeletion: boolean;
}

export class Account {
  readonly vpcs = this.collection<api.Vpc>("scaleway_vpc");
  readonly privateNetworks = this.collection<api.PrivateNetwork>("scaleway_vpc_private_network");
  readonly privateIps = this.collection<api.PrivateIp>("scaleway_ipam_ip");
  readonly gatewayIps = this.collection<api.PublicIp>("scaleway_vpc_public_gateway_ip");
  readonly gateways = this.collection<api.Gateway>("scaleway_vpc_public_gateway");
  readonly gatewayNetworks = this.collection<api.GatewayNetwork>("scaleway_vpc_gateway_network");
  readonly loadBalancerIps = this.collection<api.PublicIp>("scaleway_lb_ip");
  readonly loadBalancers = this.collection<api.LoadBalancer>("scaleway_lb");
  readonly backends = this.collection<api.Backend>("scaleway_lb_backend");
  readonly frontends = this.collection<api.Frontend>("scaleway_lb_frontend");
  readonly instanceIps = this.collection<api.PublicIp>("scaleway_instance_ip");
  readonly securityGroups = this.collection<api.SecurityGroup>("scaleway_instance_security_group");
  readonly placementGroups = this.collection<api.PlacementGroup>(
    "scaleway_instance_placement_group",
  );
  readonly servers = this.collection<api.Server>("scaleway_instance_server");
  readonly nics = this.collection<api.PrivateNic>("scaleway_instance_private_nic");
  readonly volumes = this.collection<api.Volume>("scaleway_block_volume");
  readonly images = this.collection<api.Image>("scaleway_instance_image");
  readonly snapshots = this.collection<api.Snapshot>("scaleway_block_snapshot");
  readonly buckets = this.collection<api.Bucket>("scaleway_object_bucket");
  readonly storedObjects = this.collection<api.StoredObject>("scaleway_object");

  readonly organizationId = "5e7fb4f2-0d1c-4b6a-9a3e-2f6b1c0a7d10";
  /** From the environment or the provider block; otherwise the built-in ones. */
  defaults = {
    zone: DEFAULT_ZONE,
    region: DEFAULT_REGION,
    projectId: "5e7fb4f2-0d1c-4b6a-9a3e-2f6b1c0a7d10",
  };

  private lastSequence: number | undefined;
  private lastPublicAddress: string | undefined;
  private readonly all: Collection<api.ApiObject>[];

  constructor(
    readonly world: World,
    readonly limits: AccountLimits,
  ) {
    this.all = Object.values(this).filter(
      (field): field is Collection<api.ApiObject> => field instanceof Collection,
    );
  }

  private collection<T extends api.ApiObject>(kind: string): Collection<T> {
    return new Collection<T>(() => this.world.store, kind);
  }

  now(): Date {
    return this.world.clock.now();
  }

  /** RFC 3339 without fractions, as the provider prints times. */
  timestamp(): string {
    return this.now()
      .toISOString()
      .replace(/\.\d+Z$/, "Z");
  }

  /** The next number in the order of events; continues after a restart. */
  nextSequence(): number {
    this.lastSequence ??= Math.max(
      0,
      ...this.all.flatMap((objects) => objects.all().map((object) => object.sequence)),
      ...this.gatewayNetworks.all().map(({ readySequence = 0 }) => readySequence),
    );
    // Transient states that ended without a waiting call come before this event.
    for (const gatewayNetwork of this.gatewayNetworks.all())
      if (this.isReady(gatewayNetwork)) gatewayNetwork.readySequence ??= ++this.lastSequence;
    return ++this.lastSequence;
  }

  /** So many simulated milliseconds from now, in epoch milliseconds. */
  after(milliseconds: number): number {
    return this.now().getTime() + milliseconds * this.world.clock.timeScale;
  }

  /** Fields of every new object. */
  newObject(
    locality: string,
    given: { name?: string; tags?: string[]; projectId?: string; id?: string },
    generatedName: string,
  ): api.ApiObject {
    const now = this.timestamp();
    return {
      id: `${locality}/${given.id ?? randomUUID()}`,
      locality,
      projectId: given.projectId ?? this.defaults.projectId,
      name: given.name ?? `tf-${generatedName}-simulated-${randomUUID().slice(0, 6)}`,
      tags: given.tags ?? [],
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

  /** A documentation address that no object of this account has. */
  takePublicAddress(): string {
    const taken = [this.gatewayIps, this.loadBalancerIps, this.instanceIps].flatMap((ips) =>
      ips.all().map((ip) => ip.address),
    );
    taken.push(...this.servers.all().flatMap(({ dynamicAddress }) => dynamicAddress ?? []));
    const address = nextPublicAddress(new Set(taken), this.lastPublicAddress);
    if (address === undefined)
      throw new Refusal("The simulated cloud has no public address left (506 are in use).");
    this.lastPublicAddress = address;
    return address;
  }

  /** @throws Refusal when another object exceeds the organization's quota. */
  checkQuota(kind: keyof typeof QUOTAS, current: number): void {
    const quota = QUOTAS[kind]?.[this.limits.verification];
    if (quota !== undefined && current >= quota)
      throw quotaExceeded(kind.replace(/^scaleway_/, ""), current, quota);
  }

  isReady(object: api.ApiObject): boolean {
    return this.now().getTime() >= object.readyAt;
  }

  /**
   * Puts an object into a transient state and waits for its end, as the provider does. The state
   * ends even when no call waits any more.
   */
  async settle(object: api.ApiObject, milliseconds: number, context: CallContext): Promise<void> {
    object.readyAt = this.after(milliseconds);
    this.world.store.save();
    await context.wait(milliseconds);
    // Not saved: after a restart this time is in the past.
    object.readyAt = Math.min(object.readyAt, this.now().getTime());
  }

  /**
   * Waits until an object that another call is changing is ready, as the provider does before it
   * changes one.
   * @throws Refusal 409 when it is not ready by then.
   */
  async awaitReady(object: api.ApiObject, kind: string, context: CallContext): Promise<void> {
    const remaining = object.readyAt - this.now().getTime();
    if (remaining > 0) await context.wait(remaining / (this.world.clock.timeScale || 1));
    this.checkReady(object, kind);
  }

  checkReady(object: api.ApiObject, kind: string, state = "pending"): void {
    if (!this.isReady(object)) throw transientState(kind, bareId(object.id), state);
  }
}
