import { scaleway } from "../support/clouds";
import { stateIsMigratedOn } from "./state-migration";

stateIsMigratedOn(scaleway);
