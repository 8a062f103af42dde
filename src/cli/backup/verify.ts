import { alarmText, objectCount, partNames } from "../../backup/manifest";
import { print, printJson } from "../../view/output";
import { shownSize } from "../../view/size";
import { exitStatus } from "../exit-status";
import type { Prompter } from "../terminal/prompter";
import { checkContent } from "./check-content";
import { openBackup, type OpenOptions } from "./open-backup";

export interface VerifyOptions extends OpenOptions {
  readonly json: boolean;
}

/**
 * Opens a backup and checks every part of it.
 * @param prompter Undefined where there is no terminal
 * @returns the exit status
 * @throws UserError where it cannot be opened, is none, or is damaged
 */
export async function verifyBackup(
  file: string,
  options: VerifyOptions,
  prompter: Prompter | undefined,
): Promise<number> {
  const backup = await openBackup(file, options, prompter);
  try {
    const { manifest } = backup;
    const { keys, isOfCluster } = await checkContent(backup, file);
    const { cluster, versions, created, parts, objects } = manifest;
    if (options.json) {
      printJson({ file, keys, isOfCluster, ...manifest }, 2);
      return exitStatus.done;
    }
    const count = objectCount(manifest);
    print(
      [
        `${file} is whole: ${cluster.name} on ${cluster.cloud}, ${cluster.region}, as it was at ${created}.`,
        "",
        `  etcd          ${shownSize(parts[partNames.snapshot]?.size ?? 0)}, ${isOfCluster ? "of this cluster, " : ""}${keysText(keys)}`,
        ...(objects === undefined ? [] : [`  Kubernetes    ${count} objects`]),
        `  state         ${shownSize(parts[partNames.state]?.size ?? 0)}`,
        `  directory     ${names(parts).join(", ")}`,
        "",
        ...(isOfCluster
          ? []
          : [
              "Warning: whether the data of etcd is of this cluster could not be checked: Kubernetes took no note " +
                "when the backup was written.",
            ]),
        ...manifest.etcd.alarms.map((alarm) => `Warning: ${alarmText(alarm)}`),
        `To restore it: Talos ${versions.talos} and Kubernetes ${versions.kubernetes}, or newer.`,
      ].join("\n"),
    );
    return exitStatus.done;
  } finally {
    backup.snapshot.remove();
  }
}

function keysText(keys: number | undefined): string {
  return keys === undefined ? "not opened: there is no etcdutl on the PATH" : `${keys} keys`;
}

function names(parts: object): string[] {
  return Object.keys(parts).flatMap((name) =>
    name.startsWith(partNames.directory) ? [name.slice(partNames.directory.length)] : [],
  );
}
