import { createOutscale, type OutscaleOptions } from "../../clouds/outscale";
import { Cloud as AnyCloud } from "../cloud/harness";

export { refusal, removeDirectories as removeFolders, text, type Config } from "../cloud/harness";

/** An Outscale with its provider's models, called directly: as tofu would, without the wire. */
export class Cloud extends AnyCloud {
  constructor(options: OutscaleOptions = {}, timeScale = 0) {
    super(createOutscale, options, timeScale);
  }
}
