import type { ClusterOptions } from "../cluster/directory";
import type { ImportSecretsOptions } from "../state/import-secrets";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addState: AddCommand = (program, exit) => {
  const state = addCommand(
    program,
    "state",
    "Change how the state, which holds every key of the cluster, is kept.",
  ).addHelpText("after", examples("state migrate"));
  withClusterOptions(
    addCommand(
      state,
      "migrate",
      "Rewrite the state as tofu.tfvars says now: encrypted, in clear, or with another passphrase.",
    ),
  )
    .addHelpText("after", examples("state migrate"))
    .action(async (options: ClusterOptions) => {
      exit(await (await import("../state/migrate.js")).migrateState(options));
    });
  withClusterOptions(
    addCommand(
      state,
      "create",
      "Create the bucket that tofu.tfvars names for the state: private, with versions kept.",
    ),
  )
    .addHelpText("after", examples("state create"))
    .action(async (options: ClusterOptions) => {
      exit(await (await import("../state/create.js")).createStateBucket(options));
    });
  withClusterOptions(
    addCommand(
      state,
      "move",
      "Move the state to where tofu.tfvars says now: into a bucket, or back into a file.",
    ),
  )
    .addHelpText("after", examples("state move"))
    .action(async (options: ClusterOptions) => {
      exit(await (await import("../state/move.js")).moveState(options));
    });
  withClusterOptions(
    addCommand(
      state,
      "import-secrets",
      "Read the cluster's secrets from its control planes into the state, after they were rotated.",
    ),
  )
    .requiredOption("--talosconfig <file>", "what talosctl rotate-ca wrote")
    .addHelpText("after", examples("state import-secrets --talosconfig talosconfig.rotated"))
    .action(async (options: ImportSecretsOptions) => {
      exit(await (await import("../state/import-secrets.js")).importSecrets(options));
    });
};
