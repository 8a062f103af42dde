/**
 * Refusals in the format of the provider's SDK (scaleway-sdk-go, scw/errors.go): one function for
 * each shape of error that the API has. Where the API's own help text is not recorded, it is a
 * plain description.
 */
import { Refusal, type Path } from "../../protocol/model";

function sdkError(text: string): Refusal {
  return new Refusal(`scaleway-sdk-go: ${text}`);
}

/** 400 */
export function invalidArgument(
  argument: string,
  reason: "required" | "format" | "constraint",
  help?: string,
): Refusal {
  const words = {
    required: "is required",
    format: "is wrongly formatted",
    constraint: "does not respect constraint",
  }[reason];
  return sdkError(`invalid argument(s): ${argument} ${words}${help ? `, ${help}` : ""}`);
}

/** 403 */
export function quotaExceeded(resource: string, current: number, quota: number): Refusal {
  return sdkError(`quota exceeded(s): ${resource} has reached its quota (${current}/${quota})`);
}

/** 404 */
export function notFound(kind: string, id: string): Refusal {
  return sdkError(`resource ${kind} with ID ${id} is not found`);
}

/** 409 */
export function transientState(kind: string, id: string, state: string): Refusal {
  return sdkError(`resource ${kind} with ID ${id} is in a transient state: ${state}`);
}

/** Of the SDK itself, after the time that the provider gives it. */
export function waitedTooLong(kind: string, time: string): Refusal {
  return sdkError(`waiting for ${kind} failed: timeout after ${time}`);
}

export function outOfStock(resource: string): Refusal {
  return sdkError(`resource ${resource} is out of stock`);
}

/** 409, in the format of errors that the SDK has no type for. */
export function conflict(message: string): Refusal {
  return sdkError(`http error 409 Conflict: ${message}`);
}

export function badRequest(message: string): Refusal {
  return sdkError(`http error 400 Bad Request: ${message}`);
}

/** 412 */
export function stillInUse(help: string): Refusal {
  return sdkError(`precondition failed: resource is still in use, ${help}`);
}

/** A product requested in a zone where its API does not exist. */
export function notInZone(zone: string, zones: readonly string[]): Refusal {
  return sdkError(
    `invalid argument(s): zone does not respect constraint, ${zone} is not available for this product; available zones are: ${zones.join(", ")}`,
  );
}

export function badZone(zones: readonly string[]): Refusal {
  return sdkError(`bad zone format, available zones are: ${zones.join(", ")}`);
}

export function badRegion(regions: readonly string[]): Refusal {
  return sdkError(`bad region format, available regions are: ${regions.join(", ")}`);
}

export function unparsableId(id: string): Refusal {
  return new Refusal(`cant parse localized id: ${id}`);
}

/** The provider's "locality check". */
export function otherLocality(key: string, id: string, locality: string, path: Path): Refusal {
  return new Refusal(
    `given ${key} ${id} has different locality than the resource "${locality}"`,
    undefined,
    path,
  );
}
