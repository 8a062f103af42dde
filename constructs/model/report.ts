import type { Diagnostic } from "./diagnostic";

/** Steps into tofu.tfvars: names, and indices into lists. */
export type InputPath = readonly (string | number)[];

/** What is wrong with a value of the input: its summary says what is allowed, and what to do. */
export interface Problem extends Diagnostic {
  readonly path: InputPath;
  /** True where the value may hold a secret: it is never shown. */
  readonly secret: boolean;
}

/** Gathers every problem of an input, so that a person hears of all of them at once. */
export class Report {
  private readonly found: Problem[] = [];
  private readonly hopeless = new Set<string>();

  get problems(): readonly Problem[] {
    return this.found;
  }

  get hasErrors(): boolean {
    return this.found.some((problem) => problem.severity === "error");
  }

  error(path: InputPath, text: string, options: { secret?: boolean } = {}): void {
    if (this.isHopeless(path)) return;
    this.found.push({ severity: "error", path, summary: text, secret: options.secret ?? false });
  }

  /** The value has the wrong form: whatever else is said of it or of its parts would only repeat that. */
  wrongForm(path: InputPath, text: string, options: { secret?: boolean } = {}): void {
    this.error(path, text, options);
    this.hopeless.add(JSON.stringify(path));
  }

  warn(path: InputPath, text: string): void {
    if (this.isHopeless(path)) return;
    this.found.push({ severity: "warning", path, summary: text, secret: false });
  }

  private isHopeless(path: InputPath): boolean {
    return path.some((_step, i) => this.hopeless.has(JSON.stringify(path.slice(0, i + 1))));
  }
}
