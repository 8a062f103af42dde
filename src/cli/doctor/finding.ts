import type { Diagnostic } from "../../../constructs/model/diagnostic";

/** What came of a check. */
export interface Finding extends Omit<Diagnostic, "severity"> {
  /** What was looked at, in a word or two: "load balancer". */
  readonly check: string;
  /** An error fails the next apply; a warning is worth knowing. */
  readonly severity: "ok" | Diagnostic["severity"];
}

export function ok(check: string, summary: string): Finding {
  return { check, severity: "ok", summary };
}

export function warning(check: string, summary: string, fix?: string): Finding {
  return { check, severity: "warning", summary, ...(fix === undefined ? {} : { fix }) };
}

export function error(check: string, summary: string, fix?: string): Finding {
  return { check, severity: "error", summary, ...(fix === undefined ? {} : { fix }) };
}
