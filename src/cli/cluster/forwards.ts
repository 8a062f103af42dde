import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tunnelScripts } from "../../../constructs/tunnel-scripts";

export interface ForwardsOptions {
  /** "ubuntu@51.15.33.9" */
  readonly login: string;
  /** The bastion's public host key, as the stack created it. */
  readonly hostKey: string;
  /** "172.16.4.4:50000" */
  readonly targets: readonly string[];
  /** The setting of its authorized keys: "bastion_ssh_keys.ovh". */
  readonly keys: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute: the base of relative names of keys and configurations. */
  readonly directory: string;
}

/** ssh could not log in; the message explains it. */
export class LoginFailure extends Error {
  constructor(
    /** The kinds of the tunnel's script: "login", "host-key", "silence"… */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** In milliseconds: a login takes a second or two, over a slow line some more. */
const patience = 15_000;

/**
 * One ssh login to the bastion, with a local socket for each target: by the script of the tunnel,
 * so that the same settings apply and the same messages are printed.
 */
export class Forwards {
  private hasEnded = false;
  private output = "";

  private constructor(
    private readonly script: ChildProcess,
    private readonly temporary: string,
    private readonly targets: readonly string[],
  ) {
    script.stdout?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    // Not at its exit: its last output may arrive later.
    script.once("close", () => (this.hasEnded = true));
    script.once("error", () => (this.hasEnded = true));
  }

  /** @throws LoginFailure */
  static async open(options: ForwardsOptions): Promise<Forwards> {
    const { login, hostKey, targets, keys, environment, directory } = options;
    // In /tmp, since a socket's path may have a hundred characters and macOS's own directory has
    // half.
    const temporary = mkdtempSync(join(process.platform === "darwin" ? "/tmp" : tmpdir(), "oa-"));
    const script = spawn("bash", [join(tunnelScripts(), "tunnel.sh"), "login"], {
      cwd: temporary,
      env: {
        ...environment,
        BASTION: login,
        HOST_KEY: hostKey,
        KEYS: keys,
        FROM: directory,
        // Relative, since ssh would expand characters in the temporary directory's path.
        FORWARDS: targets.map((target, index) => `./${index}:${target}`).join("\n"),
        OPENAETHER_OWNER: String(process.pid),
      },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const forwards = new Forwards(script, temporary, targets);
    try {
      await forwards.listening();
      return forwards;
    } catch (error) {
      await forwards.close();
      throw error;
    }
  }

  /** Whether ssh goes on. */
  get isOpen(): boolean {
    return !this.hasEnded;
  }

  /** The socket of a target. */
  socketOf(target: string): string {
    return join(this.temporary, String(this.targets.indexOf(target)));
  }

  /** Does something, and returns ssh's message about it: "connect failed: Connection refused". */
  async listen<T>(
    work: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly message: string }> {
    const before = this.message().length;
    const result = await work();
    // It arrives on another channel than the end of the connection.
    const heard = Date.now() + 300;
    const failure = () => /open failed: (.+)/.exec(this.message().slice(before))?.[1]?.trim();
    while (failure() === undefined && Date.now() < heard) await pause(20);
    return { result, message: failure() ?? "" };
  }

  async close(): Promise<void> {
    this.script.kill("SIGTERM");
    while (!this.hasEnded) await pause(20);
    rmSync(this.temporary, { recursive: true, force: true });
  }

  private async listening(): Promise<void> {
    const last = join(this.temporary, String(this.targets.length - 1));
    let problem: Error | undefined;
    this.script.once("error", (error) => (problem = error));
    const deadline = Date.now() + patience;
    while (!existsSync(last)) {
      if (problem !== undefined) throw new LoginFailure("client", problem.message);
      if (this.hasEnded) {
        const [reason = "", ...sentence] = this.output.trim().split("\n");
        throw new LoginFailure(reason, sentence.join(" "));
      }
      if (Date.now() > deadline) throw new LoginFailure("silence", "no answer");
      await pause(20);
    }
  }

  private message(): string {
    const log = join(this.temporary, ".tunnel", "log");
    return existsSync(log) ? readFileSync(log, "utf8") : "";
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
