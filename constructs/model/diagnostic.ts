/** What a user has to know: of an input, a plan, an apply or a check. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** What is wrong, in full sentences. */
  readonly summary: string;
  /** Where a tool or a cloud said more. @default - nothing more */
  readonly detail?: string;
  /** Where it is: "tofu.tfvars:9:3", an environment variable, the address of a resource. @default - of no place */
  readonly source?: string;
  /** Lines to paste. @default - the summary says what to do */
  readonly fix?: string;
}

/** An error in one place. */
export function errorAt(source: string, summary: string): Diagnostic {
  return { severity: "error", source, summary };
}

/** What a check found: that something is well, is worth knowing (a warning), or fails the next apply. */
export interface CheckResult extends Omit<Diagnostic, "severity"> {
  readonly severity: "ok" | Diagnostic["severity"];
}

export function ok(summary: string): CheckResult {
  return { severity: "ok", summary };
}

export function warning(summary: string, fix?: string): CheckResult {
  return { severity: "warning", summary, ...(fix === undefined ? {} : { fix }) };
}

export function error(summary: string, fix?: string): CheckResult {
  return { severity: "error", summary, ...(fix === undefined ? {} : { fix }) };
}
