import { existsSync, readFileSync } from "node:fs";

/** How often the journal is looked at, in milliseconds. */
const interval = 2000;

/** Copies a journal to where others find it, while tofu writes it. */
export class JournalCopy {
  private timer: NodeJS.Timeout | undefined;
  private copied = "";
  private copying: Promise<void> | undefined;

  /** @param write Its failures are not reported: without the copy, others look up more */
  constructor(
    private readonly file: string,
    private readonly write: (text: string) => Promise<void>,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => {
      this.copying ??= this.copy().finally(() => {
        this.copying = undefined;
      });
    }, interval);
    this.timer.unref();
  }

  /** After a last copy. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.copying;
    await this.copy();
  }

  private async copy(): Promise<void> {
    const text = existsSync(this.file) ? readFileSync(this.file, "utf8") : "";
    if (text === this.copied) return;
    await this.write(text).then(
      () => {
        this.copied = text;
      },
      () => undefined,
    );
  }
}
