import { createScaleway, type ScalewayOptions } from "../../clouds/scaleway";
import { Cloud as AnyCloud } from "../cloud/harness";

export { refusal, removeDirectories as removeFolders, text, type Config } from "../cloud/harness";

/** A Scaleway with its provider's models, called directly: as tofu would, without the wire. */
export class Cloud extends AnyCloud {
  constructor(options: ScalewayOptions = {}, timeScale = 0) {
    super(createScaleway, options, timeScale);
  }
}
