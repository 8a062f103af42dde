import type { LockOptions } from "../cluster/providers-lock";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addProviders: AddCommand = (program, exit) => {
  const providers = addCommand(
    program,
    "providers",
    "Manage the hashes of the providers that tofu downloads.",
  ).addHelpText("after", examples("providers lock"));
  withClusterOptions(
    addCommand(
      providers,
      "lock",
      "Write .terraform.lock.hcl beside tofu.tfvars, with hashes for every platform.",
    ),
  )
    .option("--fs-mirror <directory>", "take the packages from this directory")
    .option("--net-mirror <url>", "take the packages from this mirror")
    .addHelpText("after", examples("providers lock", "providers lock --fs-mirror /srv/providers"))
    .action(async (options: LockOptions) => {
      exit(await (await import("../cluster/providers-lock.js")).lockProviders(options));
    });
};
