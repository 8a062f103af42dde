import { scaleway } from "../support/clouds";
import { imagesOn } from "./image";

imagesOn([scaleway]);
