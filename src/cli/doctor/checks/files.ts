import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { shellWord } from "../../../../constructs/shell-word";
import { stateFileName } from "../../../tofu/state-file";
import { stateHolder } from "../../cluster/state-holder";
import { keyFiles } from "../../cluster/key-files";
import { type Finding, error, ok, warning } from "../finding";
import type { DoctorContext } from "../context";
import { describeLock, readLockInfo } from "../../cluster/lock-info";
import { ask } from "../../cluster/program";

/** Files with keys of the cluster, relative to the home directory. */
function secretFiles({ home, stack, input }: DoctorContext): string[] {
  const settings = "spec" in input ? input.state : undefined;
  const passphrase = settings?.encryption === "passphrase" ? settings.source.file : undefined;
  const isHere = passphrase !== undefined && existsSync(join(home, passphrase));
  return [...keyFiles(home, stack?.directory), ...(isHere ? [passphrase] : [])];
}

/** Whether other users can read files with keys, and whether git has them. */
export async function files(context: DoctorContext): Promise<Finding[]> {
  const names = secretFiles(context);
  if (names.length === 0) return [];
  const open = names.filter((name) => (statSync(join(context.home, name)).mode & 0o077) !== 0);
  const found = [
    ...(open.length === 0
      ? []
      : [
          warning(
            "file modes",
            `${open.join(", ")}: others on this machine may read the cluster's keys.`,
            `chmod 600 ${open.map((name) => shellWord(join(context.home, name))).join(" ")}`,
          ),
        ]),
    ...(await inGit(context, names)),
  ];
  return found.length === 0 ? [ok("files", `${names.join(", ")}: for you alone`)] : found;
}

async function inGit(context: DoctorContext, names: readonly string[]): Promise<Finding[]> {
  const list = async (...options: string[]) => {
    const said = await ask("git", ["ls-files", "-z", ...options, "--", ...names], {
      environment: context.environment,
      directory: context.home,
    });
    return said?.code === 0 ? said.output.split("\0").filter((name) => name !== "") : [];
  };
  const [tracked, untracked] = await Promise.all([
    list("--cached"),
    list("--others", "--exclude-standard"),
  ]);
  return [
    ...(tracked.length === 0
      ? []
      : [
          warning(
            "git",
            `${tracked.join(", ")} in git: everyone with the repository has the cluster's keys.`,
            `git rm --cached ${tracked.map(shellWord).join(" ")}   # the history keeps them: recreate the cluster`,
          ),
        ]),
    ...(untracked.length === 0
      ? []
      : [
          warning(
            "git",
            `${untracked.join(", ")}: not ignored, the next "git add ." takes it.`,
            `printf '%s\\n' ${untracked.map((name) => shellWord(basename(name))).join(" ")} >> .gitignore`,
          ),
        ]),
  ];
}

/** A lock that tofu left, or holds. */
export async function stateLock({ home, environment, now }: DoctorContext): Promise<Finding[]> {
  const file = join(home, `.${stateFileName}.lock.info`);
  if (!existsSync(file)) return [];
  const whose = describeLock(readLockInfo(readFileSync(file, "utf8")), now);
  const holder = await stateHolder(home, environment);
  return holder === undefined
    ? [
        warning(
          "state lock",
          `Left behind by ${whose}, which was cut off. No process holds it: the next run goes on from there.`,
          "./openaether up",
        ),
      ]
    : [
        error(
          "state lock",
          `Held by process ${holder} (${whose}). Wait for its end: two at once would spoil the state.`,
        ),
      ];
}
