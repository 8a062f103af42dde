import { outscale, scaleway } from "../support/clouds";
import { lifecycles } from "./lifecycle";

lifecycles([
  [scaleway, "available"],
  [outscale, "single"],
]);
