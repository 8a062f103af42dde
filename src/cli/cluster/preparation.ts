import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./cluster";

/**
 * `tofu init`, where it has not been done for this very set of providers and this place of the state.
 * @throws UserError with tofu's own words
 */
export async function initialize(cluster: Cluster): Promise<void> {
  const { terraform } = JSON.parse(
    readFileSync(join(cluster.stackFolder, "cdk.tf.json"), "utf8"),
  ) as { terraform: unknown };
  const simulated = process.env["TF_REATTACH_PROVIDERS"] ?? "";
  const wanted = createHash("sha256")
    .update(JSON.stringify([terraform, simulated]))
    .digest("hex");
  const file = join(cluster.memory, "initialized");
  const isDone =
    existsSync(join(cluster.stackFolder, ".terraform")) &&
    existsSync(file) &&
    readFileSync(file, "utf8") === wanted;
  if (isDone) return;
  await cluster.must("init", "-no-color");
  writeFileSync(file, wanted, { mode: 0o600 });
}
