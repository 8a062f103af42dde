import { createHash } from "node:crypto";
import { isObject } from "../../../constructs/model/resource-values";
import { UserError } from "../../errors";

/** A digest of the cluster's id: the same for its whole life, and no secret. */
export function clusterFingerprint(secrets: unknown): string {
  const cluster = isObject(secrets) ? secrets["cluster"] : undefined;
  const id = isObject(cluster) ? cluster["id"] : undefined;
  if (typeof id !== "string") throw new UserError("The state's keys have no id of the cluster.");
  return createHash("sha256").update(`openaether cluster ${id}`).digest("hex");
}
