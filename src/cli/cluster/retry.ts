/** How long there may be no progress, in milliseconds: load balancers take minutes to be deleted. */
const longest = 10 * 60_000;
const longestPause = 10_000;

/** How long, and how often, to retry what the cloud refuses temporarily. */
export class Retries {
  /** The delay before the next attempt, in milliseconds: 1, 2, 4, 8 and then 10 s. */
  pause = 1000;
  private waited = 0;
  private before = Infinity;

  /**
   * @param left What is still to be done: while it gets less, the retries go on.
   * @param onlyTemporary Whether only temporary refusals are left: otherwise the retries end when
   * nothing gets less.
   */
  hasMore(left: number, onlyTemporary = true): boolean {
    const isLess = left < this.before;
    if (isLess) this.waited = 0;
    this.before = left;
    return isLess || (onlyTemporary && this.waited < longest);
  }

  async wait(): Promise<void> {
    const { pause } = this;
    this.waited += pause;
    this.pause = Math.min(2 * pause, longestPause);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
