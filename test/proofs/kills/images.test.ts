import { imageKillsOn } from "../../commands/image-kills";
import { ovh, scaleway } from "../../support/clouds";

// Outscale's needs a real object store: test/deep/image-kills.test.ts
imageKillsOn([ovh, scaleway]);
