import { imageGoneOn } from "../../commands/image-gone";
import { othersThan, outscale } from "../../support/clouds";

imageGoneOn(othersThan(outscale));
