import { imageDifference, imageRecords } from "../../cluster/image-records";
import type { DoctorContext } from "../context";
import { type Finding, ok, warning } from "../finding";

const check = "image";
const create = "./openaether image create";

/** Whether the nodes' image was created from here, and is of the right Talos. The cloud is not asked. */
export function image({ home, input, state }: DoctorContext): Finding[] {
  if (!("spec" in input) || "id" in input.spec.nodeImage) return [];
  const { spec } = input;
  const { name } = input.spec.nodeImage;
  const records = imageRecords(home);
  const difference = imageDifference(records, spec);
  if (difference !== undefined) return [warning(check, difference, create)];
  if (records.some((record) => record.name === name))
    return [ok(check, `${name}, created from here`)];
  const isNew = state === undefined || state.isEmpty;
  return isNew ? [warning(check, `${name} was not created from here.`, create)] : [];
}
