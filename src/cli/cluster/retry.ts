/** How long nothing may come to its end, in milliseconds: load balancers take minutes to let go. */
const longest = 10 * 60_000;
const longestPause = 10_000;

/** How long, and how often, something is tried again that the cloud refuses for a moment. */
export class Retries {
  /** Before the next attempt, in milliseconds: 1, 2, 4, 8 and then 10 s. */
  pause = 1000;
  private waited = 0;
  private before = Infinity;

  /**
   * @param left What is still to be done: while it gets less, nothing is given up.
   * @param isHopeful Whether nothing else stands in the way: else it is given up when nothing gets less.
   */
  hasMore(left: number, isHopeful = true): boolean {
    const isLess = left < this.before;
    if (isLess) this.waited = 0;
    this.before = left;
    return isLess || (isHopeful && this.waited < longest);
  }

  async wait(): Promise<void> {
    const { pause } = this;
    this.waited += pause;
    this.pause = Math.min(2 * pause, longestPause);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
