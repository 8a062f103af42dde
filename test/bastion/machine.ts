import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

/** Whether this system allows network and mount namespaces: root on Linux, mostly. */
export const mayUnshare =
  spawnSync("unshare", [...namespaces(), "ip", "link", "set", "lo", "up"]).status === 0;

function namespaces(): string[] {
  return ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
}

/**
 * A machine as far as its network and its files are concerned: namespaces of its own, which end
 * with this process, and everything that runs in them. Nothing in it reaches the system's network,
 * and no file of the system is changed.
 */
export class Machine {
  private constructor(private readonly holder: ChildProcess) {}

  static async create(): Promise<Machine> {
    const script = "ip link set lo up && echo ready && exec cat";
    const holder = spawn("unshare", [...namespaces(), "sh", "-c", script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    return new Machine(holder);
  }

  /** Processes enter its namespaces through it. */
  get pid(): number {
    return this.holder.pid ?? 0;
  }

  /** Runs a command in it to completion. @throws when it fails, with its output */
  run(command: string, ...args: string[]): string {
    return execFileSync("nsenter", [...this.entry, command, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Mounts an empty directory over the system's, inside the machine only. */
  empty(directory: string): void {
    this.run("mkdir", "-p", directory);
    this.run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", directory);
  }

  /** Writes a file in it; only below a directory that was emptied before. */
  write(path: string, text: string, mode = "644"): void {
    const script = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"';
    execFileSync("nsenter", [...this.entry, "sh", "-c", script, "write", path, mode], {
      input: text,
    });
  }

  /** A network interface in it, connected to an interface of another machine. */
  connect(card: string, hardware: string, other: Machine, otherCard: string): void {
    const peer = ["peer", "name", otherCard, "netns", String(other.pid)];
    const link = ["link", "add", card, "address", hardware, "type", "veth", ...peer];
    // By the system's process ids, which are invisible inside the machine.
    execFileSync("nsenter", [`--target=${this.pid}`, "--net", "ip", ...link], { stdio: "pipe" });
  }

  /** Starts a command in it; it ends with the machine. */
  start(command: string, ...args: string[]): ChildProcess {
    return spawn("nsenter", [...this.entry, command, ...args], { stdio: "pipe" });
  }

  /** Starts a long-running program, and waits until it prints that it is ready. */
  async serve(word: string, command: string, ...args: string[]): Promise<void> {
    const child = this.start(command, ...args);
    let printed = "";
    await new Promise<void>((resolve, reject) => {
      const take = (text: Buffer) => {
        printed += text.toString();
        if (printed.includes(word)) resolve();
      };
      child.stdout?.on("data", take);
      child.stderr?.on("data", take);
      child.once("error", reject).once("exit", () => {
        reject(new Error(`${command} ended: ${printed}`));
      });
    });
  }

  async end(): Promise<void> {
    const ended = once(this.holder, "exit");
    this.holder.kill("SIGKILL");
    await ended;
  }

  private get entry(): string[] {
    const processes = `--pid=/proc/${this.pid}/ns/pid_for_children`;
    // The mask of a machine's services, whatever this process was started with.
    const plainly = ["sh", "-c", 'umask 022 && exec "$@"', "machine"];
    return [`--target=${this.pid}`, "--net", "--mount", processes, "--", ...plainly];
  }
}
