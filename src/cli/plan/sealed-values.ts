import type { ResourceValues } from "../../../constructs/model/resource-values";
import { opened, sealed } from "../../state/sealed";

const purpose = "openaether planned values";

/**
 * Encrypts planned values (machine configurations among them) so that only an owner of the state
 * can read them.
 * @param secrets The cluster's own, from the state
 */
export function sealValues(values: ReadonlyMap<string, object>, secrets: unknown): Buffer {
  return sealed(Buffer.from(JSON.stringify([...values])), { secrets, purpose });
}

/** @returns undefined where it was encrypted with other secrets, or is damaged */
export function unsealValues(
  bytes: Buffer,
  secrets: unknown,
): Map<string, ResourceValues> | undefined {
  const text = opened(bytes, { secrets, purpose })?.toString("utf8");
  return text === undefined ? undefined : new Map(JSON.parse(text) as [string, ResourceValues][]);
}
