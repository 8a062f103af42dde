import { imageGoneOn } from "../../commands/image-gone";
import { oneOfOthersThan, outscale, scaleway } from "../../support/clouds";

imageGoneOn(oneOfOthersThan(outscale, scaleway));
