import type { Cloud } from "../machines";
import type { ProviderModel } from "../protocol/model";
import type { World } from "../world";
import { createOutscale } from "./outscale";
import { createOvh } from "./ovh";
import { createScaleway } from "./scaleway";

/** A simulated cloud: the provider tofu talks to, and the machines that come of it. */
export interface SimulatedCloud {
  readonly provider: ProviderModel;
  readonly cloud: Cloud;
}

/** @param options What the account is like; each cloud has its own. */
export type CloudFactory = (world: World, options: object) => SimulatedCloud;

export const clouds: Readonly<Record<string, CloudFactory>> = {
  outscale: createOutscale,
  ovh: createOvh,
  scaleway: createScaleway,
};
