import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import type { Report } from "../../../constructs/model/report";

const extensionForm = /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9._-]*$/;

/** Without what YAML would quote, so that the schematic's hash is the Image Factory's. */
const kernelArgForm = /^-?[A-Za-z][A-Za-z0-9_.-]*(?:=[!-~]*)?$/;
const quotedByYaml = /["'\\#]/;
const otherTypes = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** Checks the names of system extensions, and sorts them: another order is no other image. */
export function checkExtensions(
  given: readonly string[],
  report: Report,
): Pick<ClusterSpec, "extensions"> | undefined {
  const problemOf = (name: string, index: number) => {
    if (!extensionForm.test(name)) return extensionProblem(name);
    return twice(given, index) ? "Named twice. Remove one." : undefined;
  };
  const isValid = reportEach("extensions", given, problemOf, report);
  return isValid ? { extensions: [...given].sort() } : undefined;
}

function extensionProblem(name: string): string {
  const form = 'An extension as the Image Factory names it, such as "siderolabs/iscsi-tools"';
  const bare = name.replace(/^.*\//, "").replace(/[:@].*$/, "");
  if (/[:@]/.test(name) || name.split("/").length > 2) {
    return `${form}: without registry and version, which follow from talos_version.`;
  }
  return /^[a-z0-9][a-z0-9._-]*$/.test(bare)
    ? `${form}. Did you mean "siderolabs/${bare}"?`
    : `${form}: https://factory.talos.dev lists them.`;
}

/** Checks the kernel's arguments, whose order counts. */
export function checkKernelArgs(
  given: readonly string[],
  report: Report,
): Pick<ClusterSpec, "kernelArgs"> | undefined {
  const problemOf = (argument: string, index: number) => {
    const isPlain = kernelArgForm.test(argument) && !quotedByYaml.test(argument);
    if (!isPlain || otherTypes.test(argument)) {
      return (
        'One argument of the kernel, such as "console=ttyS0"; "-console" removes one of Talos\'s own. ' +
        "No blank, quotation mark, backslash or #."
      );
    }
    if (twice(given, index)) return "Named twice. Remove one.";
    return /^-?talos\.platform(?:=|$)/.test(argument)
      ? "The platform is that of the cloud: with another one, a node finds no machine configuration. Remove it."
      : undefined;
  };
  return reportEach("kernel_args", given, problemOf, report) ? { kernelArgs: given } : undefined;
}

/** @returns Whether no item has a problem */
function reportEach(
  variable: string,
  items: readonly string[],
  problemOf: (item: string, index: number) => string | undefined,
  report: Report,
): boolean {
  const problems = items.map(problemOf);
  problems.forEach((problem, index) => {
    if (problem !== undefined) report.error([variable, index], problem);
  });
  return problems.every((problem) => problem === undefined);
}

/** Whether an item has been in the list before. */
function twice(items: readonly string[], index: number): boolean {
  return items.indexOf(items[index] ?? "") < index;
}
