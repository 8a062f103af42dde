import type { CheckResult } from "../constructs/model/diagnostic";

/** What the clouds have in common when looking for credentials; a message never shows a value. */

/** Where credentials may be. */
export interface CredentialSources {
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute: ~ */
  readonly userHome: string;
  /** Absolute: the providers' working directory. @default - before a synth there is none */
  readonly stackDirectory?: string;
}

/** Which credentials a cloud's provider would use, only by their names, and their problems. */
export type CredentialsCheck = (sources: CredentialSources) => readonly CheckResult[];

/** Whether a variable of the environment has a value. */
export function isSet({ environment }: CredentialSources, name: string): boolean {
  return (environment[name] ?? "") !== "";
}

/** "A and B are", "A is". */
export function are(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? `${last} is` : `${names.slice(0, -1).join(", ")} and ${last} are`;
}

/** A line that sets them. */
export function exportLine(names: readonly string[]): string {
  return `export ${names.map((name) => `${name}=…`).join(" ")}`;
}
