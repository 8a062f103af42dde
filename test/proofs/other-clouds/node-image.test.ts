import { anotherImageOn } from "../../commands/node-image";
import { othersThan, ovh } from "../../support/clouds";

anotherImageOn(othersThan(ovh));
