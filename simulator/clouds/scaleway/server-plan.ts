/** The provider's customised diff of a server: the result of a change of type, image or disk. */
import { isUnknown, type PlannedChange, type Values } from "../../protocol/model";
import type { Account } from "./account";
import { bareId, isUuid } from "./ids";
import { marketplaceImage } from "./image";
import type { Server } from "./objects";
import * as check from "./server-checks";
import { blockOf, isTrue, isZero, sameValue, stringOf } from "../values";

export function planServer(account: Account, change: PlannedChange, zone: string): void {
  const { prior, planned, replacedBy } = change;
  const existing = account.servers.get(stringOf(prior?.id) ?? "");
  if (prior === null || existing === undefined) return;
  if (!sameValue(prior.type, planned.type)) {
    if (isTrue(planned.replace_on_type_change)) replacedBy.push(["type"]);
    else check.typeChange(account, existing, stringOf(planned.type), zone);
  }
  if (isOtherImage(account, existing, prior, planned)) replacedBy.push(["image"]);
  const [before, after] = [blockOf(prior.root_volume), blockOf(planned.root_volume)];
  const isLocal = account.volumes.get(existing.rootVolume)?.type === "l_ssd";
  if (isLocal && !sameValue(before?.size_in_gb, after?.size_in_gb))
    replacedBy.push(["root_volume", 0, "size_in_gb"]);
}

/** A label of the server's image and its id are the same image. */
function isOtherImage(account: Account, existing: Server, prior: Values, planned: Values): boolean {
  const wanted = planned.image ?? null;
  if (isUnknown(wanted) || isZero(wanted) || sameValue(wanted, prior.image)) return false;
  const reference = bareId(stringOf(wanted) ?? "");
  if (existing.image === undefined) return true;
  if (isUuid(reference)) return reference !== bareId(existing.image.id);
  return (
    marketplaceImage(account, existing.image.name, existing.locality)?.id !== existing.image.id ||
    reference !== existing.image.name
  );
}
