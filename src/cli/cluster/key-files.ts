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
