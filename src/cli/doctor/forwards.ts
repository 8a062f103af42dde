import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ForwardsOptions {
  /** "ubuntu@51.15.33.9" */
  readonly login: string;
  /** The bastion's public host key, as the stack made it. */
  readonly hostKey: string;
  /** "172.16.4.4:50000" */
  readonly targets: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute: where relative names of keys and configurations begin. */
  readonly folder: string;
}

/** ssh did not log in; the message is ssh's last words. */
export class LoginFailure extends Error {
  constructor(
    /** As the tunnel of an apply tells them apart. */
    readonly reason: "login" | "host-key" | "forwarding" | "silence" | "client",
    words: string,
  ) {
    super(words);
  }
}

/** In milliseconds: a login takes a second or two, over a bad line some more. */
const patience = 15_000;

/**
 * One ssh login to the bastion, with a local socket for each target: checked as strictly as an
 * apply's tunnel is, and never asking.
 */
export class Forwards {
  private words = "";
  private hasEnded = false;

  private constructor(
    private readonly ssh: ChildProcess,
    private readonly temporary: string,
    private readonly targets: readonly string[],
  ) {
    ssh.stderr?.setEncoding("utf8").on("data", (text: string) => (this.words += text));
    // Not at its exit: its last words may still be on their way then.
    ssh.once("close", () => (this.hasEnded = true));
  }

  /** @throws LoginFailure */
  static async open(options: ForwardsOptions): Promise<Forwards> {
    // In /tmp, since a socket's path may have a hundred characters and macOS's own folder has half.
    const temporary = mkdtempSync(join(process.platform === "darwin" ? "/tmp" : tmpdir(), "oa-"));
    writeFileSync(join(temporary, "known"), `openaether-bastion ${options.hostKey}\n`);
    const ssh = spawn("ssh", argumentsOf(options, temporary), {
      cwd: options.folder,
      env: { ...options.environment, LC_ALL: "C" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const forwards = new Forwards(ssh, temporary, options.targets);
    try {
      await forwards.listening();
      return forwards;
    } catch (error) {
      forwards.close();
      throw error;
    }
  }

  /** The socket that leads to a target. */
  socketOf(target: string): string {
    return join(this.temporary, String(this.targets.indexOf(target)));
  }

  /** Does something, and tells which words ssh had for it: "connect failed: Connection refused". */
  async listen<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly words: string }> {
    const before = this.words.length;
    const result = await work();
    // They come by another pipe than the end of the connection.
    const heard = Date.now() + 300;
    const failure = () => /open failed: (.+)/.exec(this.words.slice(before))?.[1]?.trim();
    while (failure() === undefined && Date.now() < heard) await pause(20);
    return { result, words: failure() ?? "" };
  }

  close(): void {
    this.ssh.kill("SIGKILL");
    rmSync(this.temporary, { recursive: true, force: true });
  }

  private async listening(): Promise<void> {
    const last = join(this.temporary, String(this.targets.length - 1));
    let problem: Error | undefined;
    this.ssh.once("error", (error) => (problem = error));
    const deadline = Date.now() + patience;
    while (!existsSync(last)) {
      if (problem !== undefined) throw new LoginFailure("client", problem.message);
      if (this.hasEnded) throw failureOf(this.words);
      if (Date.now() > deadline) throw new LoginFailure("silence", "no answer");
      await pause(20);
    }
  }
}

function argumentsOf(
  { login, targets, environment }: ForwardsOptions,
  temporary: string,
): string[] {
  const key = environment["OPENAETHER_SSH_KEY"] ?? "";
  const configuration = environment["OPENAETHER_SSH_CONFIG"] ?? "";
  const settings = [
    ...["BatchMode=yes", "ExitOnForwardFailure=yes", "ConnectTimeout=10", "LogLevel=INFO"],
    ...["StrictHostKeyChecking=yes", `UserKnownHostsFile=${join(temporary, "known")}`],
    ...["GlobalKnownHostsFile=/dev/null", "HostKeyAlgorithms=ssh-ed25519"],
    ...["HostKeyAlias=openaether-bastion", "UpdateHostKeys=no"],
    ...["ControlMaster=no", "ControlPath=none", "ForwardAgent=no", "StreamLocalBindUnlink=yes"],
  ];
  return [
    ...(configuration === "" ? [] : ["-F", configuration]),
    ...(key === "" ? [] : ["-o", "IdentitiesOnly=yes", "-i", key]),
    ...settings.flatMap((setting) => ["-o", setting]),
    ...targets.flatMap((target, index) => ["-L", `${join(temporary, String(index))}:${target}`]),
    ...["-N", "-T", login],
  ];
}

function failureOf(words: string): LoginFailure {
  const last = words.trim().split("\n").at(-1) ?? "";
  const reason =
    /HOST IDENTIFICATION HAS CHANGED|Host key verification failed|host key is known/.test(words)
      ? "host-key"
      : /Permission denied|Too many authentication failures/.test(words)
        ? "login"
        : words.includes("administratively prohibited")
          ? "forwarding"
          : /no such identity|Bad configuration option|Can't open user config/.test(words)
            ? "client"
            : "silence";
  return new LoginFailure(reason, last);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
