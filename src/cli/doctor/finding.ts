/** What came of a check. */
export interface Finding {
  /** What was looked at, in a word or two: "load balancer". */
  readonly check: string;
  /** An error stands in the way; a warning is worth knowing. */
  readonly verdict: "ok" | "warning" | "error";
  /** What is so, and why that matters. */
  readonly text: string;
  /** Lines to paste. @default - none */
  readonly cure?: string;
}

export function ok(check: string, text: string): Finding {
  return { check, verdict: "ok", text };
}

export function warning(check: string, text: string, cure?: string): Finding {
  return { check, verdict: "warning", text, ...(cure === undefined ? {} : { cure }) };
}

export function error(check: string, text: string, cure?: string): Finding {
  return { check, verdict: "error", text, ...(cure === undefined ? {} : { cure }) };
}
