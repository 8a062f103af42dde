/** An answer of the Kubernetes API that is no success. */
export class ApiError extends Error {
  constructor(
    /** The HTTP status. */
    readonly status: number,
    /** Kubernetes's own word: "NotFound", "AlreadyExists", "Conflict"; empty where it gives none. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }

  /** @param body A Status object as JSON, or whatever a server answered. */
  static of(status: number, body: string): ApiError {
    try {
      const { reason, message } = JSON.parse(body) as { reason?: string; message?: string };
      return new ApiError(status, reason ?? "", message ?? body);
    } catch {
      return new ApiError(status, "", body.trim() || `HTTP status ${status}`);
    }
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

/** The version from which a watch was to go on is no longer kept: list again. */
export function isExpired(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
