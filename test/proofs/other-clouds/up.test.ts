import { upOn } from "../../commands/up";
import { othersThan, outscale } from "../../support/clouds";

upOn(othersThan(outscale));
