import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tunnelScripts } from "../../constructs/tunnel-scripts";
import type { KeyAndCertificate } from "../../simulator/pki/certificates";
import { freePort } from "../../src/cli/rehearse/tunnel";
import { createKey, Listener, SshServer, talosApi, talosAuthority } from "./server";

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** In one line. */
  readonly errors: string;
}

/** A bastion with sshd, a Talos API behind it, and the script that opens a tunnel to it. */
export class Walk {
  private readonly endings: (() => Promise<void> | void)[] = [];

  private constructor(
    readonly home: string,
    readonly key: string,
    readonly server: SshServer,
    readonly authority: KeyAndCertificate,
    readonly api: Listener,
    readonly received: readonly Buffer[],
    public port: number,
  ) {}

  /** @param name Of the directory that everything is in. */
  static async begin(name = "plain", ...options: string[]): Promise<Walk> {
    const base = mkdtempSync(join(tmpdir(), "walk-"));
    const home = join(base, name);
    const ssh = join(base, "sshd");
    for (const directory of [home, join(home, "stack"), ssh])
      mkdirSync(directory, { recursive: true });
    const key = createKey(join(home, "key"));
    const allowed = createKey(join(ssh, "allowed"));
    writeFileSync(`${allowed}.pub`, readFileSync(`${key}.pub`));
    const server = await (await SshServer.create(ssh, allowed, ...options)).start();
    const authority = await talosAuthority();
    const talos = await talosApi(authority);
    const api = await Listener.start(talos.server);
    const walk = new Walk(home, key, server, authority, api, talos.received, await freePort());
    walk.after(() => {
      rmSync(base, { recursive: true, force: true });
    });
    walk.after(() => server.stop());
    walk.after(() => {
      api.close();
    });
    return walk;
  }

  after(ending: () => Promise<void> | void): void {
    this.endings.push(ending);
  }

  async end(): Promise<void> {
    await this.run("close");
    for (const ending of this.endings.splice(0).reverse()) await ending();
  }

  get stack(): string {
    return join(this.home, "stack");
  }

  /**
   * Runs the script as tofu does: in the stack's directory.
   * @param configuration Lines of the user's ssh configuration, after those that lead to the sshd
   */
  async run(
    mode: string,
    environment: Readonly<Record<string, string>> = {},
    configuration: readonly string[] = [],
  ): Promise<Ended> {
    const { server } = this;
    const file = join(this.home, "ssh_config");
    const required = [
      `Match host 127.0.0.1 user ${server.login.split("@")[0] ?? ""}`,
      `Port ${server.port}`,
    ];
    writeFileSync(file, `${[...configuration, ...required].join("\n")}\n`);
    const child = spawn("bash", [join(tunnelScripts(), "tunnel.sh"), mode], {
      cwd: this.stack,
      env: {
        PATH: process.env["PATH"],
        HOME: this.home,
        TUNNEL_PORT: String(this.port),
        TARGET: `127.0.0.1:${this.api.port}`,
        BASTION: server.login,
        HOST_KEY: server.hostKey,
        TALOS_CA: this.authority.certificate,
        KEYS: "bastion_ssh_keys.scaleway (SHA256:abc)",
        FROM: this.home,
        KNOWN_HOSTS: "../known_hosts",
        STACK: "cdktf.out/stacks/demo",
        VAR_FILE: "tofu.tfvars",
        OPENAETHER_SSH_CONFIG: file,
        OPENAETHER_SSH_KEY: this.key,
        OPENAETHER_SSH_WAIT: "5",
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return result(child);
  }

  /** An open that must succeed, and its close. */
  async opens(environment = {}, configuration: readonly string[] = []): Promise<Ended> {
    const ended = await this.run("open", environment, configuration);
    await this.run("close");
    // The watcher ends a moment after it was asked to, and with it ssh.
    for (const last = Date.now() + 5_000; await isOpen(this.port);) {
      if (Date.now() > last) throw new Error(`what the tunnel left still holds ${this.port}`);
      await new Promise((again) => setTimeout(again, 50));
    }
    return ended;
  }

  get left(): boolean {
    return existsSync(join(this.stack, ".tunnel"));
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
  });
}

async function result(child: ChildProcess): Promise<Ended> {
  let [output, errors] = ["", ""];
  child.stdout?.on("data", (text) => (output += String(text)));
  child.stderr?.on("data", (text) => (errors += String(text)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, output, errors: errors.replaceAll(/\s+/g, " ") };
}
