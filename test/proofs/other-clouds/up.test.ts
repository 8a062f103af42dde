import { upOn } from "../../commands/up";
import { oneOfOthersThan, outscale, ovh } from "../../support/clouds";

upOn(oneOfOthersThan(outscale, ovh));
