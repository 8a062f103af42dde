/** A message to the user: about an input, a plan, an apply or a check. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** What is wrong, in full sentences. */
  readonly summary: string;
  /** A tool's or a cloud's own output. @default - none */
  readonly detail?: string;
  /** Its location: "tofu.tfvars:9:3", an environment variable, the address of a resource. @default - none */
  readonly source?: string;
  /** Commands or lines to paste. @default - the summary says what to do */
  readonly fix?: string;
}

/** An error at one location. */
export function errorAt(source: string, summary: string): Diagnostic {
  return { severity: "error", source, summary };
}

/** The result of a check: success, a warning, or an error that makes the next apply fail. */
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
