import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { type ImageRecord, recordOf } from "../../../constructs/model/image";
import { imageNameOf, schematicId } from "../../../constructs/model/schematic";
import { isObject } from "../../../constructs/model/resource-values";
import { imagesStateName, type ReadState, readStateFile } from "../../tofu/state-file";

/** The images that a state says were created, or begun. */
export function recordsIn(state: ReadState): ImageRecord[] {
  return state.resources.flatMap(({ address, values }) => {
    if (!address.startsWith("terraform_data.")) return [];
    const { input } = values;
    const value = isObject(input) ? (input["value"] ?? input) : undefined;
    const record = isObject(value) ? recordOf(value) : undefined;
    return record === undefined ? [] : [record];
  });
}

/** The same of a directory; none where there is no such state, or it cannot be read. */
export function imageRecords(home: string): ImageRecord[] {
  const state = readStateFile(home, imagesStateName);
  return state === undefined ? [] : recordsIn(state);
}

/** Why the image of that name, as it was created from here, is not what tofu.tfvars says; undefined where it is. */
export function imageDifference(
  records: readonly ImageRecord[],
  spec: ClusterSpec,
): string | undefined {
  if ("id" in spec.nodeImage) return undefined;
  const { name } = spec.nodeImage;
  const version = spec.talosVersion.toString();
  const schematic = schematicId(spec);
  const other = records.find(
    (one) => one.name === name && (one.version !== version || one.schematic !== schematic),
  );
  if (other === undefined) return undefined;
  const [what, now] =
    other.version === version
      ? [`has the schematic ${other.schematic.slice(0, 8)}…`, `${schematic.slice(0, 8)}…`]
      : [`is Talos ${other.version}`, version];
  return (
    `The image ${name} ${what}, and tofu.tfvars says ${now}: new nodes need another one. Give it a name of its ` +
    `own, such as image_name = "${imageNameOf(spec)}".`
  );
}
