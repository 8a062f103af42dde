import { killsOn } from "../../faults/suite";
import { oneOf, ovh } from "../../support/clouds";

for (const { name } of oneOf(ovh)) killsOn(name);
