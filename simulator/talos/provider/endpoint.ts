import { isUnknown, type PlannedChange, UNKNOWN } from "../../protocol/model";

/** An endpoint that is not configured is the node; not known as long as the node is not. */
export function planEndpoint({ config, planned }: PlannedChange): void {
  if (isUnknown(config.endpoint)) return;
  if ((config.endpoint ?? null) !== null) return;
  planned.endpoint = isUnknown(config.node) ? UNKNOWN : (config.node ?? null);
}
