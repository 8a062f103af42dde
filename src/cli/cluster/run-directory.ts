import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEnd } from "./before-end";
import { commandLineOf } from "./processes";

const directoryOf = /^run-(\d+)$/;

/** Where earlier versions left plans and states. */
const formerly = [
  "plan",
  "applied.plan",
  "reading.plan",
  "filling.plan",
  "importing.plan",
  "filled.tfstate",
];

/** By their parent directory. */
const created = new Map<string, string>();

/**
 * A directory for files with keys of the cluster that only this run needs: plans and temporary
 * states. No other run writes into it, and it is deleted when this process ends. After a kill the
 * next run deletes it, with those of all ended processes.
 * @param parent The command line's own directory
 */
export function runDirectory(parent: string): string {
  const known = created.get(parent);
  if (known !== undefined) return known;
  removeAbandoned(parent);
  const directory = join(parent, `run-${process.pid}`);
  mkdirSync(directory, { mode: 0o700 });
  if (created.size === 0) removeAtTheEnd();
  created.set(parent, directory);
  return directory;
}

/** Deletes what killed runs have left. */
export function removeAbandoned(parent: string): void {
  for (const name of abandonedIn(parent)) {
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function abandonedIn(parent: string): string[] {
  return readdirSync(parent).filter((name) => {
    if (formerly.includes(name)) return true;
    const id = Number(directoryOf.exec(name)?.[1]);
    if (Number.isNaN(id)) return false;
    return id === process.pid || isOver(id);
  });
}

/** Whether a run of the command line has ended. After a reboot its process id may be another program's. */
export function isOver(id: number): boolean {
  return commandLineOf(id)?.includes("cli/index.js") !== true;
}

function removeAtTheEnd(): void {
  const remove = () => {
    for (const directory of created.values()) rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", remove);
  beforeEnd(remove);
}
