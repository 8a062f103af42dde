import { ovh } from "../support/clouds";
import { imagesOn } from "./image";

imagesOn([ovh]);
