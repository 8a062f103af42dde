import type { Diagnostic } from "../../../constructs/model/diagnostic";
import {
  messageOf,
  printedByTofu,
  toDiagnostic,
  type TofuDiagnostic,
  type TofuEvent,
} from "../../tofu/events";

/** The beginning of the error that names the resource of the others. */
export const notDone = "Not done: ";

/** tofu's diagnostics of one severity, in their order, without secrets. */
export function diagnosticsOf(
  events: readonly TofuEvent[],
  severity: Diagnostic["severity"],
): Diagnostic[] {
  const found = events
    .flatMap(({ diagnostic }) => diagnostic ?? [])
    .filter((diagnostic) => diagnostic.severity === severity);
  return withJoinedLines(found).map(toDiagnostic);
}

/** Lines that are no events are one string: recognizing a secret may need several of them. */
function withJoinedLines(all: readonly TofuDiagnostic[]): TofuDiagnostic[] {
  const isLine = ({ summary }: TofuDiagnostic) => summary === printedByTofu;
  const lines = all.filter(isLine);
  const [first] = lines;
  if (first === undefined) return [...all];
  const detail = lines.map((line) => line.detail).join("\n");
  return [...all.filter((one) => !isLine(one)), { ...first, detail }];
}

/**
 * tofu's errors, each with the address that it belongs to. tofu itself does not name the resource
 * of a failed deletion: it is added where it is certain, otherwise a last error lists the possible
 * ones.
 */
export function errorsOf(events: readonly TofuEvent[]): Diagnostic[] {
  const errors = diagnosticsOf(events, "error");
  const named = new Set(errors.map(({ source }) => source));
  const open = events
    .filter(({ type }) => type === "apply_errored")
    .flatMap(({ hook }) => hook?.resource?.addr ?? [])
    .filter((address) => !named.has(address));
  const nameless = errors.filter(({ source }) => source === undefined);
  if (open.length === 0 || nameless.length === 0) return errors;
  const isOneText = new Set(nameless.map(messageOf)).size === 1;
  if (isOneText && nameless.length === open.length) {
    const ofWhom = new Map(nameless.map((error, index) => [error, open[index]]));
    return errors.map((error) => {
      const source = ofWhom.get(error);
      return source === undefined ? error : { ...error, source };
    });
  }
  return [...errors, { severity: "error", summary: `${notDone}${open.join(", ")}` }];
}
