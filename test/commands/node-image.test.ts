import { ovh } from "../support/clouds";
import { anotherImageOn } from "./node-image";

anotherImageOn([ovh]);
