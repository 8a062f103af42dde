import type { CloudProvider } from "../constructs/cloud-provider";
import type { CloudName } from "../constructs/model/cluster-spec";
import { outscale } from "./outscale";
import { ovh } from "./ovh";
import { scaleway } from "./scaleway";

/** Every cloud that a cluster can be built on. To add one: its directory and its line here. */
export const cloudProviders: Readonly<Record<CloudName, CloudProvider>> = {
  scaleway,
  ovh,
  outscale,
};
