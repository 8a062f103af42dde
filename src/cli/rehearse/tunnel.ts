import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { StepFailure } from "../../view/steps";

export interface TunnelOptions {
  readonly directory: string;
  readonly keyFile: string;
  readonly knownHosts: string;
  /** The forwarding and the login of the line that tofu printed. */
  readonly forward: string;
  readonly login: string;
  /** The simulated bastion's real port, on 127.0.0.1. */
  readonly bastionPort: number;
  /** The local port of the forwarding. */
  readonly port: number;
}

/** A tunnel through the simulated bastion, opened by the system's own ssh with the line that tofu printed. */
export class Tunnel {
  private constructor(private readonly ssh: ChildProcess) {}

  /** @throws StepFailure with ssh's message */
  static async open(options: TunnelOptions): Promise<Tunnel> {
    const ssh = spawn(
      "ssh",
      [
        ...["-F", writeSshConfig(options)],
        ...["-i", options.keyFile, "-L", options.forward, options.login, "-N"],
      ],
      { stdio: ["ignore", "ignore", "pipe"], detached: true },
    );
    let words = "";
    ssh.stderr.setEncoding("utf8").on("data", (text: string) => (words += text));
    const ended = new Promise<never>((_resolve, reject) => {
      ssh.once("error", (error) => {
        reject(new StepFailure("ssh, OpenSSH's client, does not run here", error.message));
      });
      ssh.once("exit", () => {
        reject(new StepFailure("ssh ended", words.trim()));
      });
    });
    ended.catch(() => undefined);
    const tunnel = new Tunnel(ssh);
    try {
      await Promise.race([listening(options.port), ended]);
    } catch (error) {
      tunnel.close();
      throw error;
    }
    return tunnel;
  }

  close(): void {
    // A -N session may take its time over SIGTERM, and has nothing to lose.
    this.ssh.kill("SIGKILL");
  }
}

/** Redirects the bastion's address to its simulation. */
export function simulatedBastion(port: number): string[] {
  return [
    "HostName 127.0.0.1",
    `Port ${port}`,
    "GlobalKnownHostsFile /dev/null",
    "IdentitiesOnly yes",
    "IdentityAgent none",
  ];
}

/** Everything else is as it would be by hand. */
function writeSshConfig({ directory, bastionPort, login, knownHosts }: TunnelOptions): string {
  const file = join(directory, "ssh_config.by_hand");
  const lines = [
    ...simulatedBastion(bastionPort),
    `HostKeyAlias ${login.split("@").at(-1) ?? ""}`,
    `UserKnownHostsFile ${knownHosts}`,
    "StrictHostKeyChecking yes",
    "BatchMode yes",
    "ExitOnForwardFailure yes",
    "LogLevel ERROR",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

/** Resolves when something listens on the local port. */
export async function listening(port: number): Promise<void> {
  while (!(await listens(port))) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Whether something listens on the local port. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

/**
 * A local port that nothing listens on. It is below those that the operating system hands out by itself
 * (from 32768 on Linux, from 49152 elsewhere), so that no connection gets it before it is used.
 *
 * @throws Error when a hundred of them are taken
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(16384, 32768);
    if (await isFree(port)) return port;
  }
  throw new Error("No free port found on 127.0.0.1 from 16384 to 32767.");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
