import * as results from "../../../constructs/model/diagnostic";

/** The result of a check. */
export interface Finding extends results.CheckResult {
  /** What was checked, in a word or two: "load balancer". */
  readonly check: string;
}

export function ok(check: string, summary: string): Finding {
  return { check, ...results.ok(summary) };
}

export function warning(check: string, summary: string, fix?: string): Finding {
  return { check, ...results.warning(summary, fix) };
}

export function error(check: string, summary: string, fix?: string): Finding {
  return { check, ...results.error(summary, fix) };
}
