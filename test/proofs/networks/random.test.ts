import { everyPromiseHolds } from "../../network/random-networks";
import { oneOf, outscale } from "../../support/clouds";

for (const { name } of oneOf(outscale)) everyPromiseHolds(name, 1000);
