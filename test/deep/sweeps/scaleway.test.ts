import { scaleway } from "../../support/clouds";
import { rotationOn } from "./rotation";

rotationOn(scaleway);
