import { Option } from "commander";
import type { RestoreOptions } from "../restore/restore";
import {
  type AddCommand,
  addCommand,
  collect,
  examples,
  milliseconds,
  withBucketOptions,
  withClusterOptions,
} from "./command";

export const addRestore: AddCommand = (program, exit) => {
  const command = addCommand(
    program,
    "restore",
    "Restore a backup: on the same nodes after a lost quorum, or as a new cluster on any cloud.",
  );
  withBucketOptions(withClusterOptions(command))
    .argument("<file>", "the backup, or s3://NAME/PREFIX/FILE")
    .option("--identity <file>", "a file with a secret key of age's (default: a passphrase)")
    .option("--into <directory>", "create a new cluster, as the tofu.tfvars there says")
    .option("--name <name>", "confirm with the cluster's name, without being asked")
    .option("--overwrite", "replace what a cluster has whose etcd works", false)
    .option("--without <node>", "go on without a control plane whose machine is gone", collect, [])
    .option("-y, --yes", "with --into: do not ask for confirmation of the plan", false)
    .option("--allow <name>", "with --into: as up takes it", collect, [])
    .addOption(
      new Option("--drain-timeout <time>", "with --into: as up takes it")
        .argParser(milliseconds)
        .default(5 * 60_000, "5m")
        .hideHelp(),
    )
    .addHelpText(
      "after",
      examples(
        "restore prod-20261130T031500Z.tar.gz.age --identity ~/openaether-backup.key",
        "restore prod-20261130T031500Z.tar.gz.age --identity ~/openaether-backup.key --into ../prod-ovh",
      ),
    )
    .action(async (file: string, options: RestoreOptions) => {
      const { restore } = await import("../restore/restore.js");
      const { personAtTerminal } = await import("../terminal/terminal.js");
      exit(await restore(file, options, await personAtTerminal()));
    });
};
