/** What the API refused, or why no answer came. */
export class KubernetesError extends Error {
  constructor(
    /** HTTP's; undefined where no answer came. */
    readonly status: number | undefined,
    message: string,
  ) {
    super(message);
  }

  static of(error: unknown): KubernetesError {
    if (error instanceof KubernetesError) return error;
    return new KubernetesError(undefined, error instanceof Error ? error.message : String(error));
  }

  /** @param body A Status object of the API's, or anything that stands before it */
  static refused(status: number, body: string): KubernetesError {
    return new KubernetesError(status, messageIn(body) ?? body.slice(0, 500));
  }

  /** No answer, or one of a server that is starting or stopping. */
  get isUnreachable(): boolean {
    return this.status === undefined || this.status === 502 || this.status === 503;
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }

  /** Another client has changed or created the object meanwhile. */
  get isConflict(): boolean {
    return this.status === 409;
  }

  /** A PodDisruptionBudget forbids an eviction for now, or the API is asked too often. */
  get isTooManyRequests(): boolean {
    return this.status === 429;
  }
}

/** "Cannot evict pod…", with its causes; undefined where the API itself did not answer. */
function messageIn(body: string): string | undefined {
  try {
    const { message, details } = JSON.parse(body) as {
      message?: string;
      details?: { causes?: { message?: string }[] };
    };
    const causes = details?.causes?.flatMap((cause) => cause.message ?? []) ?? [];
    // An invalid object's message repeats its causes.
    const others = causes.filter((cause) => message?.includes(cause) !== true);
    return message === undefined ? undefined : [message, ...others].join(" ");
  } catch {
    return undefined;
  }
}
