import type { ResourceValues } from "../../../constructs/model/recovery";
import type { Cluster } from "../cluster/cluster";

/** What tofu's state says of managed resources. */
export class StateView {
  private constructor(
    private readonly cluster: Cluster,
    private readonly resources: ReadonlyMap<string, ResourceValues>,
  ) {}

  /** @throws UserError when it cannot be read: that never counts as empty */
  static async of(cluster: Cluster): Promise<StateView> {
    return StateView.shown(cluster, (await cluster.shown()) as Shown);
  }

  /** As a plan has read it from the cloud. @param file The plan. */
  static async refreshed(cluster: Cluster, file: string): Promise<StateView> {
    const shown = (await cluster.shown(file)) as { prior_state?: Shown };
    return StateView.shown(cluster, shown.prior_state ?? {});
  }

  private static shown(cluster: Cluster, shown: Shown): StateView {
    const managed = (shown.values?.root_module?.resources ?? []).filter(
      ({ mode }) => mode === "managed",
    );
    return new StateView(
      cluster,
      new Map(managed.map(({ address, values }) => [address, values ?? {}])),
    );
  }

  /** How many resources there are. */
  get count(): number {
    return this.resources.size;
  }

  values(address: string): ResourceValues | undefined {
    return this.resources.get(address);
  }

  has(address: string): boolean {
    return this.resources.has(address);
  }

  /** Whether it is here only because its provider does not notice that it is gone. */
  isGone(address: string): boolean {
    const values = this.resources.get(address);
    const check = this.cluster.cloud.recovery[typeOf(address)]?.isGone;
    return values !== undefined && check?.(values, [...this.resources.values()]) === true;
  }

  attribute(address: string, name: string): string | undefined {
    const value = this.resources.get(address)?.[name];
    return typeof value === "string" ? value : undefined;
  }

  /** Import ids of the parts of everything that is here. */
  partIds(): Set<string> {
    const { recovery } = this.cluster.cloud;
    return new Set(
      [...this.resources].flatMap(([address, values]) =>
        (recovery[typeOf(address)]?.parts?.(values) ?? []).map(({ importId }) => importId),
      ),
    );
  }

  /** What has that id, among resources of one type; with its zone or what it is part of in front, or without. */
  addressOf(type: string, id: string): string | undefined {
    return [...this.resources.keys()].find(
      (address) => address.startsWith(`${type}.`) && isSameId(this.idOf(address), id),
    );
  }

  idOf(address: string): string | undefined {
    return this.attribute(address, "id");
  }
}

interface Shown {
  readonly values?: {
    readonly root_module?: {
      readonly resources?: readonly {
        readonly address: string;
        readonly mode: string;
        readonly values?: ResourceValues;
      }[];
    };
  };
}

/** The same id, with its zone or what it is part of in front, or without. */
export function isSameId(one: string | undefined, other: string): boolean {
  return one?.split("/").at(-1) === other.split("/").at(-1);
}

/** "scaleway_lb" of "scaleway_lb.api" */
export function typeOf(address: string): string {
  return address.split(".")[0] ?? "";
}
