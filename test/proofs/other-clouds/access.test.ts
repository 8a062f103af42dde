import { accessOn } from "../../commands/access";
import { oneOfOthersThan, ovh, scaleway } from "../../support/clouds";

accessOn(oneOfOthersThan(scaleway, ovh));
