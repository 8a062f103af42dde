import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { commandLineOf } from "./processes";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
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

/** By the directory that they are in. */
const created = new Map<string, string>();

/**
 * A directory for what this run alone needs and what holds keys of the cluster: plans, and states in
 * passing. No other run writes into it, and it is removed when this process ends. A kill leaves it to
 * the next run, which removes the directories whose process has ended.
 * @param parent The directory that the command line remembers in
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

/** Removes what runs that were killed have left. */
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
    // After a restart of the machine, the number may be another program's.
    return id === process.pid || commandLineOf(id)?.includes("cli/index.js") !== true;
  });
}

function removeAtTheEnd(): void {
  const remove = () => {
    for (const directory of created.values()) rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", remove);
  for (const signal of signals) {
    const end = () => {
      // Whoever else listens decides what the signal means, and this process goes on.
      if (process.listenerCount(signal) > 1) return;
      remove();
      process.off(signal, end);
      process.kill(process.pid, signal);
    };
    process.on(signal, end);
  }
}
