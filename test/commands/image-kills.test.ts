import { ovh } from "../support/clouds";
import { imageKillsOn } from "./image-kills";

imageKillsOn([ovh]);
