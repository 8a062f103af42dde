import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { shellWord } from "../../../constructs/shell-word";
import { UserError } from "../../errors";
import { stateFileName } from "../../tofu/state-file";
import { lockFileName } from "../../tofu/lock-file";
import { writeWhole } from "../../whole-file";
import type { StoredCluster } from "./stored-cluster";

/** Of the environment's variables that counted as input. */
export const environmentFileName = "environment.sh";

/** A file to write, by its name relative to the directory. */
interface File {
  readonly name: string;
  readonly content: Buffer;
  readonly mode: number;
}

/**
 * Writes what was applied into a directory. A file that is there already with the same content stays: a
 * run that was killed is finished by another one.
 * @param isSimulated Whether simulated providers mark what they write
 * @returns the names of what was not there before
 * @throws UserError when a file is in the way; nothing was written then
 */
export function writeDirectory(
  home: string,
  cluster: StoredCluster,
  isSimulated: boolean,
): string[] {
  const files = [...inputFiles(cluster), ...clientFiles(cluster, isSimulated)];
  const [outside] = files.filter(({ name }) => isOutside(name));
  if (outside !== undefined) {
    throw new UserError(`${outside.name} is outside of the directory. Nothing was written.`);
  }
  const inTheWay = files
    .filter(({ name, content }) => isOther(join(home, name), content))
    .map(({ name }) => name);
  const state = join(home, stateFileName);
  if (isOther(state, Buffer.from("")) && isOther(state, cluster.bytes))
    inTheWay.push(stateFileName);
  if (inTheWay.length > 0) {
    throw new UserError(
      `${home} has files that are not those that were applied last: ${inTheWay.join(", ")}. Nothing was ` +
        "written. Attach in an empty directory, or move them away.",
    );
  }
  const missing = files.filter(({ name }) => !existsSync(join(home, name)));
  for (const { name, content, mode } of missing) {
    mkdirSync(dirname(join(home, name)), { recursive: true, mode: 0o700 });
    writeWhole(join(home, name), content, mode);
  }
  return missing.map(({ name }) => name);
}

/** Where the state is a file, as it is in the bucket: encrypted. */
export function writeState(home: string, { bytes }: StoredCluster): void {
  writeWhole(join(home, stateFileName), bytes);
}

function inputFiles({ kept }: StoredCluster): File[] {
  const files = Object.entries(kept.files).map(([name, content]) => ({
    name,
    content: Buffer.from(content, "base64"),
    mode: name === lockFileName ? 0o644 : 0o600,
  }));
  const variables = Object.entries(kept.environment);
  if (variables.length === 0) return files;
  const lines = variables.map(([name, value]) => `export ${name}=${shellWord(value)}\n`);
  return [
    ...files,
    { name: environmentFileName, content: Buffer.from(lines.join("")), mode: 0o600 },
  ];
}

/** Those that tofu would write: kubeconfig, talosconfig, known_hosts. */
function clientFiles({ state }: StoredCluster, isSimulated: boolean): File[] {
  return state.resources.flatMap(({ address, values }) => {
    const { filename, content, file_permission: mode } = values;
    if (!/^local_(sensitive_)?file\./.test(address)) return [];
    if (typeof filename !== "string" || typeof content !== "string") return [];
    const name = `${basename(filename)}${isSimulated ? ".simulated" : ""}`;
    return [{ name, content: Buffer.from(content), mode: parseInt(String(mode), 8) || 0o600 }];
  });
}

/** Whether something else is there already. */
function isOther(file: string, content: Buffer): boolean {
  if (!existsSync(file)) return false;
  return !readFileSync(file).equals(content);
}

function isOutside(name: string): boolean {
  const path = normalize(name);
  return path.startsWith("..") || path.startsWith("/");
}
