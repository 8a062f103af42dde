import { imageKillsOn } from "../../commands/image-kills";
import { ovh, scaleway } from "../../support/clouds";
import { inTurn } from "../../support/rotation";

// Outscale's needs a real object store: test/deep/image-kills.test.ts
imageKillsOn(inTurn([ovh, scaleway], ovh));
