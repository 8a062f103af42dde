import { withoutSecrets } from "../view/secrets";

/** tofu's machine-readable output (`-json`), as far as it is used here. */
export interface TofuEvents {
  /** Addresses made, changed or destroyed, in the order they were done. */
  readonly done: readonly string[];
  /** Addresses that a plan makes, changes or destroys; data that it only reads left out. */
  readonly planned: readonly string[];
  readonly errors: readonly TofuError[];
  readonly changes: { readonly add: number; readonly change: number; readonly remove: number };
}

export interface TofuError {
  /** The resource it belongs to, where it belongs to one. */
  readonly address?: string;
  readonly summary: string;
  readonly detail: string;
}

interface Event {
  readonly type?: string;
  readonly change?: { readonly action: string; readonly resource: { readonly addr: string } };
  readonly hook?: { readonly resource?: { readonly addr: string } };
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
    readonly address?: string;
  };
  readonly changes?: { readonly add: number; readonly change: number; readonly remove: number };
}

/** Reads the lines of `tofu … -json`; what is no JSON counts as tofu's last words. */
export function readEvents(output: string): TofuEvents {
  const done: string[] = [];
  const planned: string[] = [];
  const errors: TofuError[] = [];
  const words: string[] = [];
  let changes = { add: 0, change: 0, remove: 0 };
  for (const line of output.split("\n").filter((text) => text.trim() !== "")) {
    const event = parse(line);
    if (event === undefined) {
      words.push(line);
      continue;
    }
    if (event.type === "apply_complete" && event.hook?.resource !== undefined) {
      done.push(event.hook.resource.addr);
    }
    const { change } = event;
    if (event.type === "planned_change" && change !== undefined && change.action !== "read") {
      planned.push(change.resource.addr);
    }
    if (event.type === "change_summary" && event.changes !== undefined) changes = event.changes;
    const { diagnostic } = event;
    if (diagnostic?.severity === "error") {
      const { address, summary, detail } = diagnostic;
      errors.push({
        ...(address === undefined ? {} : { address }),
        summary: withoutSecrets(summary),
        detail: withoutSecrets(detail),
      });
    }
  }
  if (words.length > 0)
    errors.push({ summary: "tofu said", detail: withoutSecrets(words.join("\n")) });
  return { done, planned, errors, changes };
}

function parse(line: string): Event | undefined {
  try {
    return JSON.parse(line) as Event;
  } catch {
    return undefined;
  }
}

/** The errors, as a person reads them. */
export function errorText(errors: readonly TofuError[]): string {
  return errors
    .map(({ address, summary, detail }) =>
      [address === undefined ? summary : `${address}: ${summary}`, detail]
        .filter((part) => part !== "")
        .join("\n"),
    )
    .join("\n\n");
}
