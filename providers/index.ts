import type { CloudProvider } from "../constructs/cloud-provider";
import type { CloudName } from "../constructs/cluster";
import { scaleway } from "./scaleway";

/** Every cloud that a cluster can be built on. Adding one is its folder and its line here. */
export const cloudProviders: Readonly<Partial<Record<CloudName, CloudProvider>>> = {
  scaleway,
};
