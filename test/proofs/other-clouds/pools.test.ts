import { poolsOn } from "../../commands/pools";
import { oneOfOthersThan, outscale, scaleway } from "../../support/clouds";

poolsOn(oneOfOthersThan(scaleway, outscale));
