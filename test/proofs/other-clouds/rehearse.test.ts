import { exampleIsRehearsed } from "../../commands/rehearse";
import { othersThan, scaleway } from "../../support/clouds";

exampleIsRehearsed(othersThan(scaleway));
