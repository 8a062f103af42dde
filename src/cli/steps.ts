import colors from "picocolors";

/** A step fell short; the words are for the person who reads them. */
export class StepFailure extends Error {
  constructor(
    /** In a line: what fell short. */
    readonly summary: string,
    /** The failing program's own words. */
    readonly words = "",
  ) {
    super(summary);
  }
}

const nameWidth = 12;
const summaryWidth = 56;

/** Prints what a run does, a line a step, with its time; on a terminal also the step under way. */
export class Steps {
  constructor(private readonly out: NodeJS.WriteStream) {}

  /**
   * @param work Does the step; resolves with what to say of it. Is handed a way to say, on a
   *   terminal, how far it has come
   * @param start When it began, in milliseconds since 1970, where that was before this call
   * @throws StepFailure of the work, after saying so
   */
  async run(
    name: string,
    work: (tell: (progress: string) => void) => Promise<string>,
    start = Date.now(),
  ): Promise<void> {
    this.underWay(name, "");
    try {
      const summary = await work((progress) => {
        this.underWay(name, progress);
      });
      this.line(colors.green("✓"), name, summary, elapsed(start));
    } catch (error) {
      this.line(
        colors.red("✗"),
        name,
        error instanceof StepFailure ? error.summary : "",
        elapsed(start),
      );
      throw error;
    }
  }

  private underWay(name: string, progress: string): void {
    if (this.out.isTTY) {
      this.out.write(`\r\x1b[K  ${colors.dim("·")} ${name.padEnd(nameWidth)} ${progress}`);
    }
  }

  private line(mark: string, name: string, summary: string, time: string): void {
    if (this.out.isTTY) this.out.write("\r\x1b[K");
    const text = `${name.padEnd(nameWidth)} ${summary.padEnd(summaryWidth)} ${time.padStart(7)}`;
    this.out.write(`  ${mark} ${text.trimEnd()}\n`);
  }
}

function elapsed(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
