import type { Diagnostic } from "../../constructs/model/diagnostic";
import { withoutSecrets } from "../view/secrets";

/** The part of a line of tofu's machine-readable output (`-json`) that is used here. */
export interface TofuEvent {
  readonly type?: string;
  /** When it was printed: "2026-11-24T09:12:57.123456Z". */
  readonly "@timestamp"?: string;
  readonly change?: { readonly action: string; readonly resource: { readonly addr: string } };
  readonly changes?: { readonly add: number; readonly change: number; readonly remove: number };
  readonly hook?: {
    readonly resource?: { readonly addr: string };
    readonly action?: string;
    readonly id_key?: string;
    readonly id_value?: string;
    readonly elapsed_seconds?: number;
  };
  readonly diagnostic?: TofuDiagnostic;
}

/** A diagnostic in tofu's format. */
export interface TofuDiagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  /** The resource that it belongs to, if any. */
  readonly address?: string;
}

/** The events of a run. */
export interface TofuEvents {
  /** Addresses created, updated or destroyed, in order. */
  readonly done: readonly string[];
  /** Addresses that a plan creates, updates or destroys, without reads of data. */
  readonly planned: readonly string[];
  /** Each with its address as its source. */
  readonly errors: readonly Diagnostic[];
  readonly changes: { readonly add: number; readonly change: number; readonly remove: number };
}

/** The summary of what tofu printed that is not an event. */
export const printedByTofu = "tofu said";

/** Reads the lines of `tofu … -json`; what is not JSON becomes an error's detail. */
export function readEvents(output: string): TofuEvents {
  const done: string[] = [];
  const planned: string[] = [];
  const errors: Diagnostic[] = [];
  const rest: string[] = [];
  let changes = { add: 0, change: 0, remove: 0 };
  for (const line of output.split("\n").filter((text) => text.trim() !== "")) {
    const event = parseEvent(line);
    if (event === undefined) {
      rest.push(line);
      continue;
    }
    const { type, hook, change, changes: counted, diagnostic } = event;
    if (type === "apply_complete" && hook?.resource !== undefined) done.push(hook.resource.addr);
    if (type === "planned_change" && change !== undefined && change.action !== "read") {
      planned.push(change.resource.addr);
    }
    if (type === "change_summary" && counted !== undefined) changes = counted;
    if (diagnostic?.severity === "error") errors.push(toDiagnostic(diagnostic));
  }
  if (rest.length > 0) {
    const detail = rest.join("\n");
    errors.push(toDiagnostic({ severity: "error", summary: printedByTofu, detail }));
  }
  return { done, planned, errors, changes };
}

/** @returns undefined where a line is not JSON */
export function parseEvent(line: string): TofuEvent | undefined {
  try {
    return JSON.parse(line) as TofuEvent;
  } catch {
    return undefined;
  }
}

/** Without secrets; the address is its source. */
export function toDiagnostic({ severity, summary, detail, address }: TofuDiagnostic): Diagnostic {
  return {
    severity: severity === "error" ? "error" : "warning",
    ...(address === undefined ? {} : { source: address }),
    summary: withoutSecrets(summary),
    ...(detail === "" ? {} : { detail: withoutSecrets(detail) }),
  };
}

/** Diagnostics as text. */
export function errorText(errors: readonly Diagnostic[]): string {
  return errors
    .map(({ source, summary, detail }) =>
      [source === undefined ? summary : `${source}: ${summary}`, detail ?? ""]
        .filter((part) => part !== "")
        .join("\n"),
    )
    .join("\n\n");
}

/** Everything in a diagnostic, for a search in it. */
export function messageOf({ summary, detail = "" }: Diagnostic): string {
  return `${summary} ${detail}`.trim();
}
