import { changesOn } from "../../engine/changes";
import { othersThan, scaleway } from "../../support/clouds";

changesOn(othersThan(scaleway), "every change");
