import { createOvh, type OvhCloud, type OvhOptions } from "../../clouds/ovh";
import { Cloud as AnyCloud } from "../cloud/harness";

export { refusal, removeFolders, text, type Config } from "../cloud/harness";

/** An OVHcloud with its provider's models, driven directly: as tofu would, without the wire. */
export class Cloud extends AnyCloud {
  readonly ovh: OvhCloud;

  constructor(options: OvhOptions = {}, timeScale = 0) {
    const made: OvhCloud[] = [];
    super(
      (world, given) => {
        const parts = createOvh(world, given);
        made.push(parts.cloud);
        return parts;
      },
      options,
      timeScale,
    );
    const [ovh] = made;
    if (ovh === undefined) throw new Error("no cloud was made");
    this.ovh = ovh;
  }
}

/** Counts how often the provider waits before it tries again, or for an end. */
export function counted() {
  const waits = { count: 0 };
  const wait = () => {
    waits.count += 1;
    return Promise.resolve();
  };
  return { waits, wait };
}
