/**
 * Refusals of OpenStack's services: a status, and a body in each service's own format. The provider
 * prints its own message, the method and the URL before it.
 */

/** An answer of an API that is no success. */
export class ApiError extends Error {
  /** Which step of a longer operation was refused, where the provider has its own message for it. */
  step?: { readonly message: string; readonly request: string };

  constructor(
    readonly status: number,
    /** The answer's JSON text. */
    readonly body: string,
  ) {
    super(body);
  }
}

/**
 * Names the step that was refused.
 * @param message The provider's message before the API's.
 * @param request Method and path.
 */
export function during<T>(message: string, request: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof ApiError) error.step ??= { message: message, request };
    throw error;
  }
}

/** In Python's format of JSON. */
function json(value: string | number | null | Record<string, string | number | null>): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}: ${json(item)}`)
    .join(", ")}}`;
}

/** Neutron's: the exception's class and its message. */
export function networkError(status: number, type: string, message: string): ApiError {
  return new ApiError(status, `{"NeutronError": ${json({ type, message, detail: "" })}}`);
}

export function badNetworkRequest(message: string): ApiError {
  return networkError(400, "InvalidInput", `Invalid input for operation: ${message}.`);
}

export function notFoundInNetwork(kind: string, id: string): ApiError {
  return networkError(404, `${kind}NotFound`, `${kind} ${id} could not be found.`);
}

export function overQuota(resource: string): ApiError {
  return networkError(409, "OverQuota", `Quota exceeded for resources: ['${resource}'].`);
}

/** Reserved for the operator. */
export function disallowed(rule: string): ApiError {
  return networkError(403, "PolicyNotAuthorized", `${rule} is disallowed by policy`);
}

const FAULTS: Readonly<Record<number, string>> = {
  400: "badRequest",
  403: "forbidden",
  404: "itemNotFound",
  409: "conflictingRequest",
};

export function computeError(status: number, message: string): ApiError {
  return new ApiError(
    status,
    `{"${FAULTS[status] ?? "computeFault"}": ${json({ code: status, message })}}`,
  );
}

export function loadBalancerError(status: number, faultstring: string): ApiError {
  const faultcode = status >= 500 ? "Server" : "Client";
  return new ApiError(status, json({ faultcode, faultstring, debuginfo: null }));
}

export function notFoundInLoadBalancing(kind: string, id: string): ApiError {
  return loadBalancerError(404, `${kind} ${id} not found.`);
}

export function imageError(status: number, message: string): ApiError {
  return new ApiError(status, `<html><body><h1>${status}</h1>${message}</body></html>`);
}
