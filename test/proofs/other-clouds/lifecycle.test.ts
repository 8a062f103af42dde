import { type Lifecycle, lifecycles } from "../../engine/lifecycle";
import { oneOf, outscale, ovh, scaleway } from "../../support/clouds";

/** Those that `npm test` does not have. */
const others: readonly Lifecycle[] = [
  [scaleway, "single"],
  [outscale, "available"],
  [ovh, "single"],
  [ovh, "available"],
];
const clouds = oneOf(ovh);

lifecycles(others.filter(([cloud]) => clouds.includes(cloud)));
