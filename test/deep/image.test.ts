import { imagesOn } from "../commands/image";
import { outscale } from "../support/clouds";

// Uploaded into a real object store, and fetched from it by the simulated cloud.
imagesOn([outscale]);
