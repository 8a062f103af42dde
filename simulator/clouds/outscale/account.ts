/** One simulated account: its objects, its limits, and what every API call needs of it. */
import { Refusal, type CallContext } from "../../protocol/model";
import type { World } from "../../world";
import { nextPublicAddress } from "../addresses";
import { DEFAULT_REGION, DURATION } from "./catalogue";
import { Collection } from "./collection";
import { internalError, isCode, quotaExceeded } from "./errors";
import { newId } from "./ids";
import type * as api from "./objects";

/** How many objects of each kind an account may have. */
export interface Quotas {
  /** @default 5 */
  readonly nets?: number;
  /** @default 5 */
  readonly publicIps?: number;
  /** @default 5 */
  readonly loadBalancers?: number;
  /** @default 5 */
  readonly internetServices?: number;
  /** @default 500 */
  readonly securityGroupsPerNet?: number;
  /** @default 20 */
  readonly vms?: number;
  /** @default 500 */
  readonly snapshots?: number;
}

export interface AccountLimits {
  readonly quotas: Required<Quotas>;
  /** Letters of the available subregions. */
  readonly subregions: readonly string[];
  /** VM types whose machines start in state "stopped". */
  readonly outOfStock: readonly string[];
  /** New load balancers stay in state "provisioning" forever. */
  readonly stuckLoadBalancer: boolean;
  /** Resource types whose first call for tags fails. */
  readonly failingTags: readonly string[];
}

/** Codes of the quotas; the API's test suite has 10023, the others are in the same range. */
const QUOTA_CODES: Readonly<Record<keyof Quotas, readonly [number, string]>> = {
  nets: [10022, "Nets"],
  internetServices: [10023, "internet services"],
  publicIps: [10029, "public IPs"],
  loadBalancers: [10011, "load balancers"],
  securityGroupsPerNet: [10026, "security groups in a Net"],
  vms: [10042, "VMs"],
  snapshots: [10003, "snapshots"],
};

export class Account {
  readonly nets = this.collection<api.Net>("outscale_net", "net");
  readonly subnets = this.collection<api.Subnet>("outscale_subnet", "subnet");
  readonly internetServices = this.collection<api.InternetService>(
    "outscale_internet_service",
    "internetService",
  );
  readonly routeTables = this.collection<api.RouteTable>("outscale_route_table", "routeTable");
  readonly natServices = this.collection<api.NatService>("outscale_nat_service", "natService");
  readonly publicIps = this.collection<api.PublicIp>("outscale_public_ip", "publicIp");
  readonly securityGroups = this.collection<api.SecurityGroup>(
    "outscale_security_group",
    "securityGroup",
  );
  readonly loadBalancers = this.collection<api.LoadBalancer>(
    "outscale_load_balancer",
    "loadBalancer",
  );
  readonly vms = this.collection<api.Vm>("outscale_vm", "vm");
  readonly orphanVolumes = this.collection<api.OrphanVolume>("outscale_volume", "volume");
  readonly snapshots = this.collection<api.Snapshot>("outscale_snapshot", "snapshot");
  readonly images = this.collection<api.Image>("outscale_image", "image");

  readonly id = "123456789012";
  /** From the provider block, or the built-in one. */
  region = DEFAULT_REGION;

  private readonly all: Collection<api.ApiObject>[];
  private readonly failedTags = new Set<string>();
  private lastSequence: number | undefined;
  private lastPublicAddress: string | undefined;

  constructor(
    readonly world: World,
    readonly limits: AccountLimits,
  ) {
    this.all = Object.values(this).filter(
      (field): field is Collection<api.ApiObject> => field instanceof Collection,
    );
  }

  private collection<T extends api.ApiObject>(
    kind: string,
    thing: ConstructorParameters<typeof Collection<T>>[2],
  ): Collection<T> {
    return new Collection<T>(() => this.world.store, kind, thing);
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.world.clock.now().getTime();
  }

  timestamp(): string {
    return this.world.clock.now().toISOString();
  }

  save(): void {
    this.world.store.save();
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
  newObject(prefix: string): api.ApiObject {
    return { id: newId(prefix), tags: {}, sequence: this.nextSequence(), readyAt: 0 };
  }

  /** The first subregion, where a resource that names none is created. */
  get firstSubregion(): string {
    return `${this.region}${this.limits.subregions[0] ?? "a"}`;
  }

  /** @throws ApiError 10xxx when another object exceeds the account's quota. */
  checkQuota(kind: keyof Quotas, current: number): void {
    const quota = this.limits.quotas[kind];
    const [code, words] = QUOTA_CODES[kind];
    if (current >= quota) throw quotaExceeded(code, words, quota);
  }

  /** A documentation address that no object of this account has. */
  takePublicAddress(): string {
    const taken = [
      ...this.publicIps.all().map(({ address }) => address),
      ...this.loadBalancers.all().flatMap(({ publicAddress }) => publicAddress ?? []),
    ];
    const address = nextPublicAddress(new Set(taken), this.lastPublicAddress);
    if (address === undefined)
      throw new Refusal("The simulated cloud has no public address left (506 are in use).");
    this.lastPublicAddress = address;
    return address;
  }

  /** A call of its own, after the creation. */
  createTags(type: string, object: { tags: api.Tags }, tags: api.Tags): void {
    if (Object.keys(tags).length === 0) return;
    if (this.limits.failingTags.includes(type) && !this.failedTags.has(type)) {
      this.failedTags.add(type);
      throw internalError();
    }
    object.tags = tags;
    this.save();
  }

  isReady(object: api.ApiObject): boolean {
    return this.now() >= object.readyAt;
  }

  /**
   * Puts an object into a transient state and waits for its end, as the provider does. The state
   * ends even when no call waits any more.
   */
  async settle(object: api.ApiObject, milliseconds: number, context: CallContext): Promise<void> {
    object.readyAt = this.now() + milliseconds * this.world.clock.timeScale;
    this.save();
    await context.wait(milliseconds);
    // Not saved: after a restart this time is in the past.
    object.readyAt = Math.min(object.readyAt, this.now());
  }

  /** Waits for the end of a deletion, which completes even when no call waits any more. */
  async vanish(
    object: api.ApiObject,
    milliseconds: number,
    context: CallContext,
    remove: () => void,
  ): Promise<void> {
    try {
      await this.settle(object, milliseconds, context);
    } finally {
      remove();
    }
  }

  /** Waits until an object that another call is changing is ready. */
  async awaitReady(object: api.ApiObject, context: CallContext): Promise<void> {
    const remaining = object.readyAt - this.now();
    if (remaining > 0) await context.wait(remaining / (this.world.clock.timeScale || 1));
  }

  /**
   * The provider's retry of refusals that may pass: repeats the call until it succeeds, is refused
   * for another reason, or the timeout is over.
   */
  async retry<T>(
    codes: readonly number[],
    timeout: number,
    context: CallContext,
    call: () => T,
  ): Promise<T> {
    for (let waited = 0; ; waited += DURATION.retry) {
      try {
        return call();
      } catch (error) {
        if (!isCode(error, codes) || waited >= timeout) throw error;
        await context.wait(DURATION.retry);
      }
    }
  }
}
