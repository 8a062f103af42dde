import { ovh } from "../../support/clouds";
import { rotationOn } from "./rotation";

rotationOn(ovh);
