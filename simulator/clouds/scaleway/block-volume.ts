/** Block volume. A server's is created with the server; one that was left behind can be imported and deleted. */
import { bareId, srn } from "./ids";
import { stillInUse } from "./errors";
import type { Account } from "./account";
import type { Volume } from "./objects";
import type { Kind } from "./resource";
import { numberOf, stringOf, stringsOf } from "../values";

export function blockVolume(account: Account): Kind<Volume> {
  return {
    objects: account.volumes,
    locality: "zone",
    product: "block",
    shortName: "volume",
    replacedBy: ["snapshot_id", "instance_volume_id"],

    create(planned, zone) {
      const { name, tags, project_id: project } = planned;
      const asked = { name: stringOf(name), tags: stringsOf(tags), projectId: stringOf(project) };
      return {
        ...account.newObject(zone, asked, "vol"),
        type: "sbs_volume",
        sizeGB: numberOf(planned.size_in_gb) ?? 10,
        iops: numberOf(planned.iops) ?? null,
      };
    },

    show: (object) => ({
      iops: object.iops,
      size_in_gb: object.sizeGB,
      snapshot_id: null,
      instance_volume_id: null,
      srn: srn("block/volume", object),
    }),

    // The provider waits until it is detached.
    delete(object) {
      if (object.server !== undefined && account.servers.get(object.server) !== undefined)
        throw stillInUse(`volume ${bareId(object.id)} is attached`);
    },
  };
}
