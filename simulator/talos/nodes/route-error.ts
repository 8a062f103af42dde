/** The system's words for a connection that did not come to be, and Go's. */
const WORDS = {
  ECONNREFUSED: ["Connection refused", "connection refused"],
  EHOSTUNREACH: ["No route to host", "no route to host"],
  ENETUNREACH: ["Network is unreachable", "network is unreachable"],
  ETIMEDOUT: ["Connection timed out", "i/o timeout"],
} as const;

/** A connection inside the simulated network that fails; the message begins with the system's words. */
export class RouteError extends Error {
  /**
   * @param errno What a real socket would say.
   * @param reason Why, which only a simulator can tell.
   */
  constructor(
    readonly errno: keyof typeof WORDS,
    readonly reason: string,
  ) {
    super(`${WORDS[errno][0]} (${reason})`);
  }

  /** As a Go program words it. */
  get goWords(): string {
    return WORDS[this.errno][1];
  }
}
