import { networkOf as outscale } from "../clouds/outscale/packets";
import { networkOf as ovh } from "../clouds/ovh/packets";
import { networkOf as scaleway } from "../clouds/scaleway/packets";
import type { Network } from "./network";
import { Resources, type StandingResource } from "./resources";

const clouds: Readonly<Record<string, (resources: Resources) => Network>> = {
  outscale,
  ovh,
  scaleway,
};

/**
 * What packets meet, read from what stands.
 * @param cloud One of the names of the simulated clouds
 */
export function networkOf(cloud: string, standing: readonly StandingResource[]): Network {
  const read = clouds[cloud];
  if (read === undefined) throw new Error(`No simulated cloud "${cloud}"`);
  return read(new Resources(standing));
}
