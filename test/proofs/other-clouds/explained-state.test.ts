import { explainOn } from "../../commands/explained-state";
import { oneOfOthersThan, outscale, scaleway } from "../../support/clouds";

explainOn(oneOfOthersThan(scaleway, outscale));
