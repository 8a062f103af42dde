/** The operating system's messages for a connection that could not be opened, and Go's. */
const MESSAGES = {
  ECONNREFUSED: ["Connection refused", "connection refused"],
  EHOSTUNREACH: ["No route to host", "no route to host"],
  ENETUNREACH: ["Network is unreachable", "network is unreachable"],
  ETIMEDOUT: ["Connection timed out", "i/o timeout"],
} as const;

/** A connection inside the simulated network that fails; the message begins with the operating system's. */
export class RouteError extends Error {
  /**
   * @param errno What a real socket would report.
   * @param reason Why, which only a simulator knows.
   */
  constructor(
    readonly errno: keyof typeof MESSAGES,
    readonly reason: string,
  ) {
    super(`${MESSAGES[errno][0]} (${reason})`);
  }

  /** In the format of a Go program. */
  get goMessage(): string {
    return MESSAGES[this.errno][1];
  }
}
