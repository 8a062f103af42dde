import { accessOn } from "../../commands/access";
import { othersThan, scaleway } from "../../support/clouds";

accessOn(othersThan(scaleway));
