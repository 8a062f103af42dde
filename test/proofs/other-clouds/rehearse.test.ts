import { exampleIsRehearsed } from "../../commands/rehearse";
import { oneOfOthersThan, ovh, scaleway } from "../../support/clouds";

exampleIsRehearsed(oneOfOthersThan(scaleway, ovh));
