import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";

/** Configuration and values that tofu reads automatically from its working directory. */
const read = /(\.(tf|tofu)(\.json)?|\.auto\.tfvars(\.json)?|^terraform\.tfvars(\.json)?)$/;
/** What synth writes. */
const own = "cdk.tf.json";
/** An output that marks a rehearsal's stack as simulated. */
export const rehearsalMark = "simulated.tf.json";

/**
 * Files beside the synthesized configuration that would change what tofu does, without having been
 * synthesized: overrides, more resources, values of variables, another workspace.
 * @returns their paths
 */
export function straysIn(stackDirectory: string): string[] {
  if (!existsSync(stackDirectory)) return [];
  const workspace = join(stackDirectory, ".terraform", "environment");
  const isElsewhere =
    existsSync(workspace) && !["", "default"].includes(readFileSync(workspace, "utf8").trim());
  return [
    ...readdirSync(stackDirectory)
      .filter((name) => read.test(name) && name !== own)
      .filter((name) => name !== rehearsalMark || !isSimulated())
      .sort()
      .map((name) => join(stackDirectory, name)),
    ...(isElsewhere ? [workspace] : []),
  ];
}

/** Whether tofu is configured to use simulated providers: nothing real is applied. */
function isSimulated(): boolean {
  return (process.env["TF_REATTACH_PROVIDERS"] ?? "") !== "";
}

/** @throws UserError that names them, when there are any */
export function refuseStrays(stackDirectory: string): void {
  const strays = straysIn(stackDirectory);
  if (strays.length > 0) throw new UserError(straysText(strays));
}

export function straysText(strays: readonly string[]): string {
  return (
    `tofu would apply what synth did not write:\n\n${strays.map((file) => `  ${file}`).join("\n")}\n\n` +
    "Move it out of that directory; settings belong in tofu.tfvars."
  );
}
