import { scaleway } from "../support/clouds";
import { changesOn } from "./changes";

changesOn([scaleway], "a few");
