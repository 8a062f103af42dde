import type { ResourceValues } from "../../../constructs/model/resource-values";
import { managedResources, type ShownState, typeOf } from "../../tofu/show-json";
import type { Cluster } from "../cluster/cluster";

/** The managed resources of tofu's state. */
export class StateView {
  private constructor(
    private readonly cluster: Cluster,
    private readonly resources: ReadonlyMap<string, ResourceValues>,
  ) {}

  /** @throws UserError when it cannot be read: that never counts as empty */
  static async of(cluster: Cluster): Promise<StateView> {
    return StateView.shown(cluster, await cluster.shownState());
  }

  /** As a plan has read it from the cloud. @param file The plan. */
  static async refreshed(cluster: Cluster, file: string): Promise<StateView> {
    const { prior_state: state } = await cluster.shownPlan(file);
    return StateView.shown(cluster, state);
  }

  private static shown(cluster: Cluster, state: ShownState | undefined): StateView {
    const entries = managedResources(state).map(
      ({ address, values }) => [address, values] as const,
    );
    return new StateView(cluster, new Map(entries));
  }

  /** Number of resources. */
  get count(): number {
    return this.resources.size;
  }

  values(address: string): ResourceValues | undefined {
    return this.resources.get(address);
  }

  has(address: string): boolean {
    return this.resources.has(address);
  }

  /** Whether it is here only because its provider does not notice that it is deleted. */
  isGone(address: string): boolean {
    const values = this.resources.get(address);
    const check = this.cluster.cloud.recovery[typeOf(address)]?.isGone;
    return values !== undefined && check?.(values, [...this.resources.values()]) === true;
  }

  attribute(address: string, name: string): string | undefined {
    const value = this.resources.get(address)?.[name];
    return typeof value === "string" ? value : undefined;
  }

  /** Import ids of the parts of everything in the state. */
  partIds(): Set<string> {
    const { recovery } = this.cluster.cloud;
    return new Set(
      [...this.resources].flatMap(([address, values]) =>
        (recovery[typeOf(address)]?.parts?.(values) ?? []).map(({ importId }) => importId),
      ),
    );
  }

  /** The resource of a type with that id, with or without the prefix of its zone or parent. */
  addressOf(type: string, id: string): string | undefined {
    return [...this.resources.keys()].find(
      (address) => address.startsWith(`${type}.`) && isSameId(this.idOf(address), id),
    );
  }

  idOf(address: string): string | undefined {
    return this.attribute(address, "id");
  }
}

/** Whether two ids are equal, with or without the prefix of a zone or parent. */
export function isSameId(one: string | undefined, other: string): boolean {
  return one?.split("/").at(-1) === other.split("/").at(-1);
}
