import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

const ofHome = /^(cluster\.tfstate(\..+)?|errored\.tfstate|(kubeconfig|talosconfig)(\..+)?)$/;
/** Left by tofu, or by a manual run. */
const ofStack = /^(plan|errored\.tfstate|terraform\.tfstate\..+)$/;

/** Files that contain keys of the cluster, relative to its directory. @param stackDirectory tofu's working directory */
export function keyFiles(home: string, stackDirectory: string | undefined): string[] {
  const inStack = stackDirectory === undefined ? [] : named(stackDirectory, ofStack);
  return [...named(home, ofHome), ...inStack].map((file) => relative(home, file));
}

function named(directory: string, pattern: RegExp): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** Whether a kubeconfig or talosconfig may take the place of another: both trust the same CA, or there is nothing in it. */
export function isOfSameCluster(before: string, after: string): boolean {
  const authority = (text: string) =>
    /\b(?:certificate-authority-data|ca)"?:\s*"?([\w+/=]+)/.exec(text)?.[1];
  return before === "" || authority(before) === authority(after);
}
