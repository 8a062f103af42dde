/** One mistake in the props of `clusterSpec`. */
export interface PropProblem {
  /** "nodeDistribution.scaleway.zones[1]" */
  readonly path: string;
  /** What is wrong, what is allowed, and a suggestion. */
  readonly message: string;
}

/** The props of `clusterSpec` have mistakes: its message lists all of them. */
export class InvalidClusterSpec extends Error {
  override readonly name = "InvalidClusterSpec";

  constructor(
    message: string,
    readonly problems: readonly PropProblem[],
  ) {
    super(message);
    // The mistake is in the props; a trace would lead into this package.
    this.stack = `${this.name}: ${message}`;
  }
}
