import { imageKillsOn } from "../../commands/image-kills";
import { ovh, scaleway, type TestCloud } from "../../support/clouds";
import { inTurn, thirdInTurn } from "../../support/rotation";

/** Each zone has an image of its own: one of them is created while the run is killed at the other. */
const inTwoZones: TestCloud = {
  ...scaleway,
  single: { ...scaleway.single, workers: 2, zones: ["fr-par-1", "fr-par-2"] },
};

// Outscale's needs a real object store: test/deep/image-kills.test.ts
for (const cloud of inTurn([ovh, inTwoZones], ovh))
  imageKillsOn([cloud], cloud === inTwoZones ? thirdInTurn : undefined);
