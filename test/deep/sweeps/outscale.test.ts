import { outscale } from "../../support/clouds";
import { rotationOn } from "./rotation";

rotationOn(outscale);
