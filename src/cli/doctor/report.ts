import { colors } from "../../view/colors";
import { wrap } from "../../view/messages";
import type { Diagnosis } from "./doctor";
import type { Finding } from "./finding";

const marks = {
  ok: () => colors.green("✓"),
  warning: () => colors.yellow("!"),
  error: () => colors.red("✗"),
};
const nameWidth = 16;

/** One line per finding, with its fix below. */
export function reportText({ context, findings }: Diagnosis): string {
  const simulated = context.isSimulated
    ? ["The cloud is simulated (TF_REATTACH_PROVIDERS is set): nothing real is asked.", ""]
    : [];
  return [...simulated, ...findings.map(findingText), "", conclusion(findings)].join("\n");
}

function findingText({ check, severity, summary: text, fix }: Finding): string {
  const indent = " ".repeat(nameWidth + 5);
  const message = wrap(text, indent).trimStart();
  const line = `  ${marks[severity]()} ${check.padEnd(nameWidth)} ${message}`;
  return fix === undefined ? line : `${line}\n      ${fix.replaceAll("\n", "\n      ")}`;
}

function conclusion(findings: readonly Finding[]): string {
  const [errors, warnings] = (["error", "warning"] as const).map(
    (severity) => findings.filter((finding) => finding.severity === severity).length,
  );
  const besides = warnings === 0 ? "" : ` ${counted(warnings ?? 0, "thing")} to look at.`;
  if (errors === 0) return `No problems found.${besides}`;
  return `${counted(errors ?? 0, "problem")} found.${besides}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The same facts as JSON. */
export function reportJson({ context, findings }: Diagnosis): object {
  const spec = "spec" in context.input ? context.input.spec : undefined;
  return {
    ok: isWell(findings),
    cluster: spec?.name,
    cloud: context.cloud?.name,
    simulated: context.isSimulated,
    findings,
  };
}

export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity !== "error");
}
