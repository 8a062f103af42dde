import { InvalidArgumentError } from "commander";
import type { BackupOptions } from "../backup/backup";
import type { ScheduleOptions } from "../backup/schedule";
import type { VerifyOptions } from "../backup/verify";
import {
  type AddCommand,
  addCommand,
  collect,
  examples,
  withBucketOptions,
  withClusterOptions,
} from "./command";

export const addBackup: AddCommand = (program, exit) => {
  const backup = addCommand(
    program,
    "backup",
    "Write a backup into one encrypted file: etcd, the state, tofu.tfvars, the versions.",
  ).enablePositionalOptions();
  withClusterOptions(backup).option(
    "--to <place>",
    "a directory, or a bucket: s3://NAME/PREFIX (default: backups)",
  );
  withBucketOptions(backup)
    .option(
      "--recipient <key>",
      "a public key of age's that opens it: age1… (default: those in backup-recipients)",
      collect,
      [],
    )
    .option("--keep <count>", "remove older backups of this cluster there, but so many", count)
    .option(
      "--schedule",
      "write a script that does this from cron, print the crontab's line, and do nothing else",
    )
    .option("--json", "print JSON", false)
    .addHelpText(
      "after",
      examples(
        "backup create-key ~/openaether-backup.key",
        "backup",
        "backup --to s3://acme-backups --cloud ovh --region gra --keep 30",
        "backup verify backups/prod-20261130T031500Z.tar.gz.age --identity ~/openaether-backup.key",
      ),
    )
    .action(async (options: BackupOptions & ScheduleOptions & { readonly schedule?: boolean }) => {
      if (options.schedule === true) {
        exit(await (await import("../backup/schedule.js")).scheduleBackup(options));
        return;
      }
      exit(await (await import("../backup/backup.js")).backup(options));
    });
  const verify = addCommand(
    backup,
    "verify",
    "Open a backup, and check every part of it.",
  ).argument("<file>", "the backup: a file, or s3://NAME/PREFIX/FILE");
  withBucketOptions(verify)
    .option("--identity <file>", "a file with a secret key of age's (default: a passphrase)")
    .option("--json", "print JSON", false)
    .action(async (file: string, options: VerifyOptions) => {
      const { verifyBackup } = await import("../backup/verify.js");
      const { personAtTerminal } = await import("../terminal/terminal.js");
      exit(await verifyBackup(file, options, await personAtTerminal()));
    });
  addCommand(
    backup,
    "create-key",
    "Create the key that opens backups, and add its public key to backup-recipients.",
  )
    .argument("<file>", "the file for the secret key, which belongs on another machine")
    .option("--dir <directory>", "directory of tofu.tfvars (default: the current one)")
    .action(async (file: string, options: { readonly dir?: string }) => {
      exit(await (await import("../backup/create-key.js")).createKey(file, options));
    });
};

/** @throws InvalidArgumentError for anything but a number from 1 */
function count(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("How many backups stay: 1 or more.");
}
