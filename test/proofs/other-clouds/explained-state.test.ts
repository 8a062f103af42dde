import { explainOn } from "../../commands/explained-state";
import { othersThan, scaleway } from "../../support/clouds";

explainOn(othersThan(scaleway));
