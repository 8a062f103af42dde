/**
 * The API's error answers, `[code] Type, details` (osc-sdk-go v3): the codes of the provider's own
 * retries, and those that Outscale's API test suite expects of each call. Where the API's own
 * details are not recorded, they are plain descriptions.
 */
import { Refusal } from "../../protocol/model";

/** The API's refusal; the resource that made the call adds its title. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    type: string,
    details: string,
  ) {
    super(`[${code}] ${type}, ${details}`);
  }
}

/** 424: another object must be deleted or created first. The type's name is not recorded for these codes. */
export function dependency(code: 1003 | 1004 | 1005 | 1007 | 1018, details: string): ApiError {
  return new ApiError(code, "DependencyProblem", details);
}

export function invalidCombination(details: string): ApiError {
  return new ApiError(3002, "InvalidParameterCombination", details);
}

export function invalidValue(code: number, details: string): ApiError {
  return new ApiError(code, "InvalidParameterValue", details);
}

/** 5001 is also used for what has no recorded code of its own. */
const NOT_FOUND = {
  internetService: 5001,
  securityGroup: 5020,
  image: 5023,
  publicIp: 5025,
  publicIpLink: 5026,
  loadBalancer: 5030,
  natService: 5032,
  nic: 5036,
  routeTable: 5046,
  routeTableLink: 5047,
  route: 5001,
  securityGroupRule: 5001,
  snapshot: 5054,
  subnet: 5057,
  vm: 5063,
  volume: 5064,
  net: 5065,
} as const;

export type Thing = keyof typeof NOT_FOUND;

export function notFound(thing: Thing, id: string): ApiError {
  const words = thing.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return invalidResource(NOT_FOUND[thing], `The ${words} ${id} does not exist.`);
}

export function invalidResource(code: number, details: string): ApiError {
  return new ApiError(code, "InvalidResource", details);
}

export function invalidState(code: number, details: string): ApiError {
  return new ApiError(code, "InvalidState", details);
}

export function notSupported(code: number, details: string): ApiError {
  return new ApiError(code, "OperationNotSupported", details);
}

export function conflict(code: number, details: string): ApiError {
  return new ApiError(code, "ResourceConflict", details);
}

export function quotaExceeded(code: number, what: string, quota: number): ApiError {
  return new ApiError(
    code,
    "TooManyResources (QuotaExceded)",
    `The limit of ${quota} ${what} is reached.`,
  );
}

/** 500 */
export function internalError(): ApiError {
  return new ApiError(2000, "InternalError", "An internal error has occurred.");
}

export function isCode(error: unknown, codes: readonly number[]): boolean {
  return error instanceof ApiError && codes.includes(error.code);
}

/** The provider's report of a refused call: a title, and the API's message below it. */
export function reported(title: string, error: unknown): unknown {
  return error instanceof ApiError ? new Refusal(title, error.message) : error;
}
