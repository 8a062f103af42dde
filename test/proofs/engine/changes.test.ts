import { changesOn } from "../../engine/changes";
import { oneOf, scaleway } from "../../support/clouds";

changesOn(oneOf(scaleway), "every change");
