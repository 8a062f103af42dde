import { lifecycles } from "../../engine/lifecycle";
import { outscale, ovh, scaleway } from "../../support/clouds";

lifecycles([
  [scaleway, "single"],
  [outscale, "available"],
  [ovh, "single"],
  [ovh, "available"],
]);
