import { colors } from "./colors";
import { terminal, write } from "./output";

/** A step that failed. */
export class StepFailure extends Error {
  constructor(
    /** On one line. */
    readonly summary: string,
    /** The output of the failed program. */
    readonly detail = "",
  ) {
    super(summary);
  }
}

const newLine = terminal.lineStart + terminal.clearToEnd;
const nameWidth = 12;
const summaryWidth = 56;

/** The result of a step. */
export interface StepResult {
  readonly name: string;
  readonly isDone: boolean;
  readonly summary: string;
  /** "0.4 s" */
  readonly time: string;
}

/** Prints the steps of a run, one line per step, with its duration; on a terminal also the current step. */
export class Steps {
  private readonly ended: StepResult[] = [];

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** The finished ones, in order. */
  get results(): readonly StepResult[] {
    return this.ended;
  }

  /**
   * @param work Performs the step; resolves with its result. Gets a function that shows its
   * progress
   *   on a terminal
   * @param start Its start, in milliseconds since 1970, where that was before this call
   * @throws StepFailure of the work, after printing it
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
      this.end({ name, isDone: true, summary, time: elapsed(start) });
    } catch (error) {
      const summary = error instanceof StepFailure ? error.summary : "";
      this.end({ name, isDone: false, summary, time: elapsed(start) });
      throw error;
    }
  }

  private underWay(name: string, progress: string): void {
    if (this.out.isTTY) {
      write(this.out, `${newLine}  ${colors.dim("·")} ${name.padEnd(nameWidth)} ${progress}`);
    }
  }

  private end(result: StepResult): void {
    this.ended.push(result);
    const { name, isDone, summary, time } = result;
    const mark = isDone ? colors.green("✓") : colors.red("✗");
    if (this.out.isTTY) write(this.out, newLine);
    const text = `${name.padEnd(nameWidth)} ${summary.padEnd(summaryWidth)} ${time.padStart(7)}`;
    write(this.out, `  ${mark} ${text.trimEnd()}\n`);
  }
}

function elapsed(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
