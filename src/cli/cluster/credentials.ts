import { UserError } from "../../errors";
import type { Cluster } from "./cluster";

/** Other ways in which a cloud's provider comes by its credentials; what they are is `doctor`'s matter. */
const otherWays: Readonly<Record<string, readonly string[]>> = {
  scaleway: ["SCW_PROFILE", "SCW_CONFIG_PATH"],
  ovh: ["OS_CLOUD", "OS_TOKEN", "OS_AUTH_TOKEN", "OS_APPLICATION_CREDENTIAL_ID"],
  outscale: ["OSC_PROFILE", "OSC_CONFIG_FILE"],
};

/**
 * Names what is missing before tofu fails in the middle of it. Never shows a value.
 * @throws UserError
 */
export function checkCredentials(cluster: Cluster): void {
  if (cluster.isSimulated) return;
  const isSet = (name: string) => (process.env[name] ?? "") !== "";
  const { name, title, credentials } = cluster.cloud;
  if (otherWays[name]?.some(isSet) === true) return;
  const missing = credentials.filter((one) => !isSet(one));
  if (missing.length === 0) return;
  const there = credentials.filter(isSet);
  throw new UserError(
    `Credentials of ${title}: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set` +
      `${there.length === 0 ? "" : ` (${there.join(", ")} ${there.length === 1 ? "is" : "are"})`}.\n\n` +
      `  ${missing.map((one) => `export ${one}=…`).join(" ")}\n\n` +
      `Where they come from: docs/clouds/${name}.md`,
  );
}
