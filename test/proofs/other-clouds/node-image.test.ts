import { anotherImageOn } from "../../commands/node-image";
import { oneOfOthersThan, outscale, ovh } from "../../support/clouds";

anotherImageOn(oneOfOthersThan(ovh, outscale));
