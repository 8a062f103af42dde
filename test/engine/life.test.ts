import { outscale, scaleway } from "../support/clouds";
import { wholeLives } from "./life";

wholeLives([
  [scaleway, "available"],
  [outscale, "single"],
]);
