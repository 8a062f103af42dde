import { scaleway } from "../support/clouds";
import { poolsOn } from "./pools";

poolsOn([scaleway]);
