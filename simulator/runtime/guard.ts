import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, openSync, closeSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { Launch } from "./launch";

/**
 * Reads the ids of processes, "+ 123" as one starts and "- 123" as it has ended, and files, "x /a",
 * until the last writer is gone: then it ends those that are left and removes the directory and the
 * files. It waits in a read, and ignores what a terminal sends.
 */
const GUARD = `
trap '' INT TERM HUP QUIT
directory=$1
shift
left=
while read -r sign id; do
  case $sign in
  x) set -- "$@" "$id" ;;
  +) left="$left $id" ;;
  -) others=; for one in $left; do [ "$one" = "$id" ] || others="$others $one"; done; left=$others ;;
  esac
done
for one in $left; do kill -s KILL -- "-$one" 2>/dev/null; done
[ $# = 0 ] || rm -f -- "$@"
for attempt in 1 2 3 4 5; do rm -rf -- "$directory" 2>/dev/null && exit; sleep 1; done
`;

/**
 * Reports its own id, and lets go of the guard's pipe. Between fork and this line it holds the pipe
 * open: no process escapes a guard whose simulator is killed right then.
 */
const START = 'echo "+ $$" >&3 && exec 3>&- && exec "$@"';

/**
 * Starts processes that end with this one, whatever ends it, and owns the temporary directory of a
 * run. The processes are in process groups of their own: a Ctrl-C in the terminal does not reach
 * them.
 */
export class Guard {
  private constructor(
    /** A new directory, for this user alone; it is removed at the end. */
    readonly directory: string,
    private readonly process: ChildProcess,
    private readonly pipe: Writable,
  ) {}

  /** @param prefix Of the directory's name. */
  static start(prefix: string): Guard {
    const directory = mkdtempSync(join(tmpdir(), prefix));
    chmodSync(directory, 0o700);
    const process = spawn("sh", ["-c", GUARD, "guard", directory], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    // A guard that is killed ends nothing by itself; everything goes on, unguarded.
    process.stdin.on("error", () => undefined);
    process.unref();
    return new Guard(directory, process, process.stdin);
  }

  /** Removes a file, too, at the end. @param path Absolute */
  remove(path: string): void {
    // It would be two lines, the first of which names something else.
    if (path.includes("\n")) return;
    this.pipe.write(`x ${path}\n`);
  }

  /** @param output The file to which its output is appended. */
  spawn({ command, directory, environment }: Launch, output: string): ChildProcess {
    const file = openSync(output, "a", 0o600);
    try {
      const child = spawn("sh", ["-c", START, "start", ...command], {
        cwd: directory,
        detached: true,
        env: { ...environment },
        stdio: ["ignore", file, file, this.pipe],
      });
      child.once("exit", () => {
        this.pipe.write(`- ${child.pid}\n`);
      });
      return child;
    } finally {
      closeSync(file);
    }
  }

  /** Ends what is left, and resolves when the directory is gone. */
  async close(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.ref();
    this.pipe.end();
    if (this.process.exitCode === null) await ended;
  }
}
