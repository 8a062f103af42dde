import { execFile, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Machine } from "../../machines";
import { freePort } from "../../runtime/network/loopback";
import { sshKeyPair } from "../../utility/ssh-key-pair";

export interface SshKey {
  readonly private: string;
  readonly public: string;
}

export function sshKey(): SshKey {
  return sshKeyPair();
}

/** User data of a bastion that forwards to the first control plane's Talos API only. */
export function cloudConfig(
  hostKey: SshKey,
  userKey: string,
  sshd = "PermitOpen 172.16.4.4:50000",
): string {
  return `#cloud-config\n${JSON.stringify({
    disable_root: true,
    ssh_keys: { ed25519_private: hostKey.private, ed25519_public: hostKey.public },
    users: [{ name: "ubuntu", ssh_authorized_keys: [userKey] }],
    write_files: [
      {
        path: "/etc/ssh/sshd_config.d/10-bastion.conf",
        content: `AllowTcpForwarding local\n${sshd}\n`,
      },
    ],
  })}`;
}

export function bastionMachine(userData: string, id = "bastion-1"): Machine {
  return {
    id,
    name: "rehearsal-bastion",
    running: true,
    image: "ubuntu_noble",
    publicAddress: "51.15.33.9",
    privateAddress: "172.16.7.250",
    userData,
    problems: [],
  };
}

/** The user's machine: a key, a pinned host key and OpenSSH's own client. */
export class SshClient {
  private readonly directory = mkdtempSync(join(tmpdir(), "ssh-"));

  constructor(
    private readonly port: number,
    key: SshKey,
    pinned: SshKey,
  ) {
    this.write("key", key.private);
    this.write("known_hosts", `bastion ${pinned.public}\n`);
    this.write(
      "config",
      [
        "Host bastion",
        "  HostName 127.0.0.1",
        `  Port ${this.port}`,
        "  User ubuntu",
        "  HostKeyAlias bastion",
        `  IdentityFile ${join(this.directory, "key")}`,
        "  IdentitiesOnly yes",
        "  IdentityAgent none",
        "  StrictHostKeyChecking yes",
        `  UserKnownHostsFile ${join(this.directory, "known_hosts")}`,
        "  GlobalKnownHostsFile /dev/null",
        "  BatchMode yes",
        "  ExitOnForwardFailure yes",
        "",
      ].join("\n"),
    );
  }

  /** Runs ssh to completion. */
  async run(...args: string[]): Promise<{ status: number | null; output: string }> {
    return new Promise((resolve) => {
      const child = execFile("ssh", [...this.options, ...args], (_, stdout, stderr) => {
        resolve({ status: child.exitCode, output: stdout + stderr });
      });
      child.stdin?.end();
    });
  }

  /** A tunnel to a target, open until `close`; what ssh prints meanwhile is in `output`. */
  async tunnel(target: string): Promise<Tunnel> {
    const port = await freePort();
    const child = spawn("ssh", [
      ...this.options,
      "-v",
      "-N",
      "-L",
      `127.0.0.1:${port}:${target}`,
      "bastion",
    ]);
    const ended = once(child, "close");
    let output = "";
    const opened = new Promise<void>((resolve) => {
      child.stderr.on("data", (text: Buffer) => {
        output += text.toString();
        if (output.includes("Entering interactive session")) resolve();
      });
    });
    await Promise.race([opened, ended]);
    return {
      port,
      output: () => output,
      close: async () => {
        child.kill("SIGKILL"); // on SIGTERM ssh may first wait for its next event
        await ended;
      },
    };
  }

  private get options(): string[] {
    return ["-F", join(this.directory, "config")];
  }

  private write(name: string, content: string): void {
    writeFileSync(join(this.directory, name), content, { mode: 0o600 });
  }
}

export interface Tunnel {
  readonly port: number;
  output(): string;
  close(): Promise<void>;
}

/** Connects to a local port and waits for the other side to end it. */
export async function touch(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.resume();
  await once(socket, "close");
}
