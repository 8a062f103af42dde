import { everyChange } from "../../faults/extent";
import { faultsOn } from "../../faults/suite";
import { oneOf, scaleway } from "../../support/clouds";

for (const { name } of oneOf(scaleway)) faultsOn(name, everyChange);
