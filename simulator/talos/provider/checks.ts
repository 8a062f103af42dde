import type { Diagnostic, Value, Values } from "../../protocol/model";
import { parseVersionContract } from "../version-contract";

/** Refuses what is no Talos version; unset and unknown values pass. */
export function versionDiagnostics(version: Value | undefined): Diagnostic[] {
  if (typeof version !== "string") return [];
  try {
    parseVersionContract(version);
    return [];
  } catch (error) {
    return [{ severity: "error", summary: "Invalid version", detail: messageOf(error) }];
  }
}

/** Exactly one of `<name>` and its write-only twin `<name>_wo`; an unknown one counts as set. */
export function twinDiagnostics(config: Values, name: string, title: string): Diagnostic[] {
  const isSet = (attribute: string) => (config[attribute] ?? null) !== null;
  if (isSet(name) && isSet(`${name}_wo`)) {
    return [
      {
        severity: "error",
        summary: `Conflicting ${title}`,
        detail: `Only one of ${name} or ${name}_wo can be set, not both`,
      },
    ];
  }
  if (isSet(name) || isSet(`${name}_wo`)) return [];
  return [
    {
      severity: "error",
      summary: `Missing ${title}`,
      detail: `Exactly one of ${name} or ${name}_wo must be set`,
    },
  ];
}

/** The refusal of terraform-plugin-framework-validators for a value outside of a list. */
export function oneOfDiagnostics(
  config: Values,
  name: string,
  allowed: readonly string[],
): Diagnostic[] {
  const value = config[name];
  if (typeof value !== "string" || allowed.includes(value)) return [];
  const list = allowed.map((item) => JSON.stringify(item)).join(" ");
  return [
    {
      severity: "error",
      summary: "Invalid Attribute Value Match",
      detail: `Attribute ${name} value must be one of: [${list}], got: ${JSON.stringify(value)}`,
      path: [name],
    },
  ];
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
