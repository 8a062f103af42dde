import { changesOn } from "../../engine/changes";
import { scaleway } from "../../support/clouds";

changesOn([scaleway], "every change");
