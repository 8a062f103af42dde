import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { stateFileName } from "../../tofu/state-file";
import { ask } from "./program";

/** The process that has locked the state: Linux lists locks by inode, other systems by open files. */
export async function stateHolder(
  home: string,
  environment: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  const file = join(home, stateFileName);
  if (!existsSync(file)) return undefined;
  if (existsSync("/proc/locks")) {
    const { ino } = statSync(file);
    const line = readFileSync("/proc/locks", "utf8")
      .split("\n")
      .find((one) => new RegExp(`:${ino} `).test(one));
    const holder = /POSIX\s+\S+\s+WRITE\s+(\d+)/.exec(line ?? "")?.[1];
    return holder === undefined ? undefined : Number(holder);
  }
  const said = await ask("lsof", ["-t", file], { environment });
  const holder = /^\d+$/m.exec(said?.output ?? "")?.[0];
  return holder === undefined ? undefined : Number(holder);
}
