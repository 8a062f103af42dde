import { createOvh, type OvhCloud, type OvhOptions } from "../../clouds/ovh";
import { Cloud as AnyCloud } from "../cloud/harness";

export { refusal, removeDirectories as removeFolders, text, type Config } from "../cloud/harness";

/** An OVHcloud with its provider's models, called directly: as tofu would, without the wire. */
export class Cloud extends AnyCloud {
  readonly ovh: OvhCloud;

  constructor(options: OvhOptions = {}, timeScale = 0) {
    const created: OvhCloud[] = [];
    super(
      (world, given) => {
        const parts = createOvh(world, given);
        created.push(parts.cloud);
        return parts;
      },
      options,
      timeScale,
    );
    const [ovh] = created;
    if (ovh === undefined) throw new Error("no cloud was made");
    this.ovh = ovh;
  }
}

/** Counts how often the provider waits before a retry, or for the end of a change. */
export function counted() {
  const waits = { count: 0 };
  const wait = () => {
    waits.count += 1;
    return Promise.resolve();
  };
  return { waits, wait };
}
