import { homedir } from "node:os";
import { UserError } from "../../errors";
import { clouds } from "../doctor/clouds";
import type { Cluster } from "./cluster";

/**
 * Names what is missing or contradictory before tofu fails in the middle of it, as `doctor` does.
 * Never shows a value.
 * @throws UserError
 */
export function checkCredentials(cluster: Cluster): void {
  if (cluster.isSimulated) return;
  const { name, title } = cluster.cloud;
  const findings = clouds[name].credentials({
    environment: process.env,
    userHome: homedir(),
    stackFolder: cluster.stackFolder,
  });
  const wrong = findings.filter(({ severity: verdict }) => verdict === "error");
  if (wrong.length === 0) return;
  const told = wrong.map(({ summary: text, fix: cure }) => [
    text,
    ...(cure === undefined ? [] : ["", `  ${cure}`]),
  ]);
  throw new UserError(
    `Credentials of ${title}: ${told.flat().join("\n")}\n\nWhere they come from: docs/clouds/${name}.md`,
  );
}
