import { imageKillsOn } from "../commands/image-kills";
import { outscale } from "../support/clouds";

imageKillsOn([outscale]);
