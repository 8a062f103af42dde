import { poolsOn } from "../../commands/pools";
import { othersThan, scaleway } from "../../support/clouds";

poolsOn(othersThan(scaleway));
