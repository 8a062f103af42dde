import { isObject, type ResourceValues, stringOf } from "../../../constructs/model/resource-values";
import type { StateResources } from "../../../constructs/model/api-path";
import { managedResources, resourcesOf, type ShownState } from "../../tofu/show-json";

/** The existing resources, by address. Their values are secret: no check may print a whole resource. */
export class State implements StateResources {
  /** @param isFresh Whether the cloud was read just now */
  constructor(
    private readonly shown: ShownState | undefined,
    readonly isFresh = false,
  ) {}

  get isEmpty(): boolean {
    return managedResources(this.shown).length === 0;
  }

  /** "scaleway_lb.api" */
  at(address: string): ResourceValues | undefined {
    return resourcesOf(this.shown).find((resource) => resource.address === address)?.values;
  }

  /** Every managed resource of a type. */
  all(type: string): readonly ResourceValues[] {
    return managedResources(this.shown)
      .filter((resource) => resource.type === type)
      .map(({ values }) => values);
  }

  /** Of each control plane, by its name: the attributes of its resource of a type. */
  controlPlanes(
    type: string,
  ): readonly { readonly name: string; readonly values: ResourceValues }[] {
    return managedResources(this.shown)
      .flatMap(({ address, values }) => {
        const [, index] = new RegExp(`^${type}\\.control_plane_(\\d+)$`).exec(address) ?? [];
        return index === undefined ? [] : [{ index: Number(index), values }];
      })
      .sort((a, b) => a.index - b.index)
      .map(({ index, values }) => ({ name: `control-plane-${index}`, values }));
  }

  /** An output that is a string; otherwise undefined. */
  output(name: string): string | undefined {
    return stringOf(this.shown?.values?.outputs?.[name]?.value);
  }

  /** The bastion's public address, whatever the cloud. */
  get bastion(): string | undefined {
    const addresses = this.shown?.values?.outputs?.["bastion_ips"]?.value;
    if (!isObject(addresses)) return undefined;
    return Object.values(addresses).map(stringOf).find(Boolean);
  }
}
