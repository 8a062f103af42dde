import { resolve } from "node:path";
import { shellWord } from "../../../constructs/shell-word";
import { backupPassphrase } from "../../backup/keys";
import { print } from "../../view/output";
import type { ClusterOptions } from "../cluster/directory";
import { exitStatus } from "../exit-status";
import type { DestinationOptions } from "./destination";

export interface ScheduleOptions extends ClusterOptions, DestinationOptions {
  readonly schedule?: boolean;
  readonly recipient: readonly string[];
  readonly keep?: number;
}

/**
 * Prints the line of a crontab that takes this backup every night.
 * @returns the exit status
 */
export function printSchedule(options: ScheduleOptions): number {
  const { recipient, keep, file, to, cloud, endpoint, region, profile } = options;
  const named = Object.entries({ file, to, cloud, endpoint, region, profile, keep });
  const args = [
    ...named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)])),
    ...recipient.flatMap((key) => ["--recipient", key]),
  ];
  const program = process.argv[1] ?? "openaether";
  const command = [process.execPath, program, "backup", ...args].map(shellWord).join(" ");
  // cron replaces a bare % by a line break.
  const line = `15 3 * * *  cd ${shellWord(resolve(options.dir ?? "."))} && . ./.backup-environment && ${command}`;
  print(
    [
      "# crontab -e: every night at 3:15. cron mails what a backup prints; without it, add >>backup.log 2>&1",
      line.replaceAll("%", String.raw`\%`),
      "",
      "# .backup-environment beside tofu.tfvars, mode 0600, has what cron's environment lacks: the state's",
      "# passphrase (export TF_VAR_state_passphrase=…), SSH_AUTH_SOCK or the key's file for the bastion, PATH,",
      `# the credentials of buckets, and ${backupPassphrase} where there are no recipients.`,
    ].join("\n"),
  );
  return exitStatus.done;
}
