import type { Cluster } from "../cluster/cluster";

type Values = Readonly<Record<string, unknown>>;

/** What tofu's state says of managed resources. */
export class StateView {
  private constructor(private readonly resources: ReadonlyMap<string, Values>) {}

  /** @throws UserError when it cannot be read: that never counts as empty */
  static async of(cluster: Cluster): Promise<StateView> {
    const shown = JSON.parse(await cluster.must("show", "-json")) as Shown;
    const managed = (shown.values?.root_module?.resources ?? []).filter(
      ({ mode }) => mode === "managed",
    );
    return new StateView(new Map(managed.map(({ address, values }) => [address, values ?? {}])));
  }

  /** How many resources there are. */
  get count(): number {
    return this.resources.size;
  }

  has(address: string): boolean {
    return this.resources.has(address);
  }

  attribute(address: string, name: string): string | undefined {
    const value = this.resources.get(address)?.[name];
    return typeof value === "string" ? value : undefined;
  }

  /** What has that id, among resources of one type. */
  addressOf(type: string, id: string): string | undefined {
    return [...this.resources.keys()].find(
      (address) => address.startsWith(`${type}.`) && this.idOf(address) === id,
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
        readonly values?: Values;
      }[];
    };
  };
}
