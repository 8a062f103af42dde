import type { Cloud } from "../machines";
import type { ProviderModel } from "../protocol/model";
import type { World } from "../world";
import { createOutscale } from "./outscale";
import { createOvh } from "./ovh";
import { createScaleway } from "./scaleway";

/** A simulated cloud: the provider that tofu calls, and the machines that its resources create. */
export interface SimulatedCloud {
  readonly provider: ProviderModel;
  readonly cloud: Cloud;
}

/** @param options The account's properties; each cloud has its own. */
export type CloudFactory = (world: World, options: object) => SimulatedCloud;

export const clouds: Readonly<Record<string, CloudFactory>> = {
  outscale: createOutscale,
  ovh: createOvh,
  scaleway: createScaleway,
};
