import { isUnknown, type PlannedChange, UNKNOWN } from "../../protocol/model";

/** The endpoint defaults to the node; unknown while the node is. */
export function planEndpoint({ config, planned }: PlannedChange): void {
  if (isUnknown(config.endpoint)) return;
  if ((config.endpoint ?? null) !== null) return;
  planned.endpoint = isUnknown(config.node) ? UNKNOWN : (config.node ?? null);
}
