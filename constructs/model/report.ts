import type { Diagnostic } from "./diagnostic";

/** Steps into tofu.tfvars: names, and indices into lists. */
export type InputPath = readonly (string | number)[];

/** A problem of an input's value: the summary says what is allowed, and what to do. */
export interface Problem extends Diagnostic {
  readonly path: InputPath;
  /** True where the value may be a secret: it is never printed. */
  readonly secret: boolean;
}

/** Collects every problem of an input, so that all are printed at once. */
export class Report {
  private readonly found: Problem[] = [];
  private readonly hopeless = new Set<string>();

  get problems(): readonly Problem[] {
    return this.found;
  }

  get hasErrors(): boolean {
    return this.found.some((problem) => problem.severity === "error");
  }

  /** Whether a problem of this value, or of a part of it, was reported. */
  hasProblemOf(path: InputPath): boolean {
    return this.found.some((problem) => path.every((step, i) => problem.path[i] === step));
  }

  error(path: InputPath, text: string, options: { secret?: boolean } = {}): void {
    if (this.isHopeless(path)) return;
    this.found.push({ severity: "error", path, summary: text, secret: options.secret ?? false });
  }

  /** The value has the wrong type: further problems of it or its parts would only repeat that. */
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
