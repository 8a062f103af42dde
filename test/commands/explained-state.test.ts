import { scaleway } from "../support/clouds";
import { explainOn } from "./explained-state";

explainOn([scaleway]);
