import { join, resolve } from "node:path";
import { shellWord } from "../../../constructs/shell-word";
import { backupPassphrase } from "../../backup/keys";
import { keysFor } from "../../backup/recipients";
import { credentialVariables } from "../../object-store/bucket";
import { print } from "../../view/output";
import { writeWhole } from "../../whole-file";
import { ClusterDirectory, type ClusterOptions } from "../cluster/directory";
import { exitStatus } from "../exit-status";
import { bucketPlace, isInBucket, refuseBucketOptions } from "./bucket-place";
import type { DestinationOptions } from "./destination";

export interface ScheduleOptions extends ClusterOptions, DestinationOptions {
  readonly recipient: readonly string[];
  readonly keep?: number;
}

/** Variables that every backup may need: of programs, of the ways to the nodes, of the input and the state. */
const always =
  /^(PATH|TOFU_BIN|OPENAETHER_(API|SSH_\w+)|TF_(CLI_CONFIG_FILE|ENCRYPTION|REATTACH_PROVIDERS|VAR_\w+)|BAO_\w+)$/;

/**
 * Writes a script that takes this backup in an environment that has nothing, as cron's, and prints the
 * line of a crontab that runs it every night. What the backup needs of this environment is in the script,
 * which only its owner can read.
 * @returns the exit status
 * @throws UserError where this backup would be refused: no recipient, not enough to find a bucket
 */
export async function scheduleBackup(options: ScheduleOptions): Promise<number> {
  const directory = ClusterDirectory.find(options);
  const names = [...(await variablesFor(options, directory))].sort();
  const script = join(directory.memory, "backup.sh");
  const exports = names.map((name) => `export ${name}=${shellWord(process.env[name] ?? "")}`);
  const lines = [
    "#!/bin/sh",
    "# Written by ./openaether backup --schedule, which replaces it.",
    `cd ${shellWord(resolve(options.dir ?? "."))} || exit`,
    ...exports,
    `exec ${[process.execPath, process.argv[1] ?? "", "backup", ...argumentsOf(options)].map(shellWord).join(" ")}`,
  ];
  writeWhole(script, `${lines.join("\n")}\n`, 0o700);
  // cron replaces a bare % by a line break.
  const command = shellWord(script).replaceAll("%", String.raw`\%`);
  print(
    [
      "# Add this line with crontab -e: every night at 3:15. cron mails what the backup prints.",
      `15 3 * * *  ${command}`,
      "",
      `# The script has these variables of this shell, and is for you only: ${names.join(", ")}`,
      ...(names.includes("OPENAETHER_SSH_KEY")
        ? []
        : [
            "# cron has no ssh agent: the key for the bastion must be a file without a passphrase, which " +
              "~/.ssh/config or OPENAETHER_SSH_KEY names.",
          ]),
    ].join("\n"),
  );
  return exitStatus.done;
}

/** The names of the variables that this backup needs, and that are set. */
async function variablesFor(
  { to = "", recipient, ...options }: ScheduleOptions,
  { home, bucket: ofState }: ClusterDirectory,
): Promise<Set<string>> {
  const keys = keysFor(home, recipient);
  if (!isInBucket(to)) refuseBucketOptions(options);
  const place = isInBucket(to) ? await bucketPlace(to, options) : undefined;
  const buckets = [ofState, place?.store.bucket].filter((bucket) => bucket !== undefined);
  const credentials = buckets.flatMap((bucket) =>
    credentialVariables(bucket).flatMap(({ accessKey, secretKey }) => [accessKey, secretKey]),
  );
  const named = [...credentials, ...("passphrase" in keys ? [backupPassphrase] : [])];
  const isNeeded = (name: string) => always.test(name) || named.includes(name);
  return new Set(Object.keys(process.env).filter(isNeeded));
}

function argumentsOf(options: ScheduleOptions): string[] {
  const { recipient, keep, file, to, cloud, endpoint, region, profile } = options;
  const named = Object.entries({ file, to, cloud, endpoint, region, profile, keep });
  return [
    ...named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)])),
    ...recipient.flatMap((key) => ["--recipient", key]),
  ];
}
