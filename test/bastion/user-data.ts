import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCloud } from "../support/clouds";
import { synthesized, temporaryDirectory, values } from "../support/input";
import { tofuBinary } from "../support/tofu";

export interface Keys {
  /** Authorized keys; each a line of authorized_keys. */
  readonly user: string | readonly string[];
  readonly hostPrivate: string;
  readonly hostPublic: string;
}

/**
 * The bastion's user data of a cluster of 3+2, from the synthesized JSON, as tofu renders it. Only
 * the host key is the test's.
 */
export function renderedUserData(cloud: TestCloud, keys: Keys): string {
  const given = values(cloud.available, { bastion_ssh_keys: { [cloud.name]: keys.user } }, cloud);
  const { bastion_cloud_init, bastion_user_data } = synthesized(given).json["locals"];
  const locals = JSON.stringify({ bastion_cloud_init, bastion_user_data })
    .replaceAll("tls_private_key.bastion_boot.private_key_openssh", "var.private")
    .replaceAll("tls_private_key.bastion_boot.public_key_openssh", "var.public");
  const directory = temporaryDirectory({
    "main.tf.json": JSON.stringify({
      variable: { private: { type: "string" }, public: { type: "string" } },
      locals: JSON.parse(locals),
      output: { user_data: { value: "${local.bastion_user_data}" } },
    }),
  });
  writeFileSync(
    join(directory, "terraform.tfvars.json"),
    JSON.stringify({ private: keys.hostPrivate, public: keys.hostPublic }),
  );
  const tofu = (...args: string[]) =>
    execFileSync(tofuBinary(), [`-chdir=${directory}`, ...args], {
      encoding: "utf8",
      env: { TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    });
  tofu("apply", "-auto-approve");
  return tofu("output", "-raw", "user_data");
}
