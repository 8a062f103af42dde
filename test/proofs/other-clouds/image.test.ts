import { imagesOn } from "../../commands/image";
import { ovh } from "../../support/clouds";

// Outscale's needs a real object store: test/deep/image.test.ts
imagesOn([ovh]);
