/** Ids in the provider's format: `fr-par-1/uuid`, `fr-par/uuid`, and a NIC's `zone/server/nic`. */
import { Refusal } from "../../protocol/model";
import { unparsableId } from "./errors";
import type { ApiObject } from "./objects";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The part after the locality, or the whole id when there is none. */
export function bareId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** Zone or region of a two-part id; undefined for a bare one. */
export function localityOf(id: string): string | undefined {
  const parts = id.split("/");
  return parts.length === 2 ? parts[0] : undefined;
}

/** @throws Refusal `cant parse localized id: …` unless it is locality and id. */
export function parseLocalizedId(id: string): { locality: string; id: string } {
  const [locality, bare, ...rest] = id.split("/");
  if (!locality || !bare || rest.length > 0) throw unparsableId(id);
  return { locality, id: bare };
}

export function regionOfZone(zone: string): string {
  return zone.split("-").slice(0, 2).join("-");
}

/** Equal, or a zone and its region: the provider's own comparison, by prefix. */
export function sameLocality(a: string, b: string): boolean {
  return a === b || a.startsWith(b) || b.startsWith(a);
}

/** Scaleway Resource Name. */
export function srn(service: string, { projectId, locality, id }: ApiObject): string {
  return `srn:${service}:${projectId}:${locality}:${bareId(id)}`;
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Refusal;
}
