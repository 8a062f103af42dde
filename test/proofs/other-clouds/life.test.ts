import { wholeLives } from "../../engine/life";
import { outscale, ovh, scaleway } from "../../support/clouds";

wholeLives([
  [scaleway, "single"],
  [outscale, "available"],
  [ovh, "single"],
  [ovh, "available"],
]);
