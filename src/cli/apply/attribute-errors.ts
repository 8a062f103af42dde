import { withoutSecretsIn } from "../../view/secrets";
import { type JournalEvent, printedByTofu } from "../../tofu/journal";

/** How the error begins that names what others are about. */
export const notDone = "Not done: ";

type Diagnostic = NonNullable<JournalEvent["diagnostic"]>;

/** What is no event is one text in many lines: a secret in it is known by more than one of them. */
function withOneText(errors: readonly Diagnostic[]): Diagnostic[] {
  const isLine = ({ summary }: Diagnostic) => summary === printedByTofu;
  const lines = errors.filter(isLine);
  const [first] = lines;
  if (first === undefined) return [...errors];
  const detail = lines.map((line) => line.detail).join("\n");
  return [...errors.filter((error) => !isLine(error)), { ...first, detail }];
}

/**
 * tofu's errors, each with the address that it belongs to. tofu itself does not say whose the error of
 * a deletion is: where there is no doubt it is told here, else what they all are about comes last.
 */
export function errorsOf(events: readonly JournalEvent[]): Diagnostic[] {
  const errors = withOneText(
    events
      .flatMap(({ diagnostic }) => diagnostic ?? [])
      .filter(({ severity }) => severity === "error"),
  ).map(withoutSecretsIn);
  const named = new Set(errors.map(({ address }) => address));
  const open = events
    .filter(({ type }) => type === "apply_errored")
    .flatMap(({ hook }) => hook?.resource?.addr ?? [])
    .filter((address) => !named.has(address));
  const nameless = errors.filter(({ address }) => address === undefined);
  if (open.length === 0 || nameless.length === 0) return errors;
  const isOneText = new Set(nameless.map(({ summary, detail }) => summary + detail)).size === 1;
  if (isOneText && nameless.length === open.length) {
    const ofWhom = new Map(nameless.map((error, index) => [error, open[index]]));
    return errors.map((error) => {
      const address = ofWhom.get(error);
      return address === undefined ? error : { ...error, address };
    });
  }
  return [...errors, { severity: "error", summary: `${notDone}${open.join(", ")}`, detail: "" }];
}
