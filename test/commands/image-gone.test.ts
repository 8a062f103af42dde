import { outscale } from "../support/clouds";
import { imageGoneOn } from "./image-gone";

imageGoneOn([outscale]);
