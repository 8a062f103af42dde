import { everyPromiseHolds } from "../../network/random-networks";
import { oneOf, outscale } from "../../support/clouds";
import { isOfAll } from "../../support/rotation";

// Always the same ones: the first 400 of a cloud are enough for a change.
for (const { name } of oneOf(outscale)) everyPromiseHolds(name, isOfAll() ? 1000 : 400);
