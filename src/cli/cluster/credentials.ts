import { homedir } from "node:os";
import { credentialsChecks } from "../../../providers/credentials";
import { UserError } from "../../errors";
import type { Cluster } from "./cluster";

/**
 * Reports missing or contradictory credentials, as `doctor` does, before tofu fails halfway. Never
 * prints a value.
 * @throws UserError
 */
export function checkCredentials(
  cluster: Pick<Cluster, "isSimulated" | "cloud" | "stackDirectory">,
): void {
  if (cluster.isSimulated) return;
  const { name, title } = cluster.cloud;
  const results = credentialsChecks[name]({
    environment: process.env,
    userHome: homedir(),
    stackDirectory: cluster.stackDirectory,
  });
  const wrong = results.filter(({ severity }) => severity === "error");
  if (wrong.length === 0) return;
  const reported = wrong.map(({ summary, fix }) => [
    summary,
    ...(fix === undefined ? [] : ["", `  ${fix}`]),
  ]);
  throw new UserError(
    `Credentials of ${title}: ${reported.flat().join("\n")}\n\nWhere they come from: docs/clouds/${name}.md`,
  );
}
