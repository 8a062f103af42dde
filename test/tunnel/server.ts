import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import {
  createAuthority,
  issueCertificate,
  type KeyAndCertificate,
  type Lifetime,
} from "../../simulator/pki/certificates";
import { standardKeyPem } from "../../simulator/pki/keys";
import { freePort } from "../../src/cli/rehearse/tunnel";

/** Generates a key pair in OpenSSH's format with OpenSSH's own tool; the public half is in `<file>.pub`. */
export function createKey(file: string, passphrase = ""): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", file]);
  return file;
}

/** A real OpenSSH server on 127.0.0.1, which the user of this process may log in to. */
export class SshServer {
  readonly login: string;
  private daemon: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    readonly port: number,
  ) {
    this.login = `${userInfo().username}@127.0.0.1`;
  }

  /** @param options More lines of sshd_config; sshd keeps the first value it reads. */
  static async create(
    directory: string,
    allowedKey: string,
    ...options: string[]
  ): Promise<SshServer> {
    const server = new SshServer(directory, await freePort());
    createKey(join(directory, "host"));
    const lines = [
      ...options,
      "ListenAddress 127.0.0.1",
      `Port ${server.port}`,
      `HostKey ${join(directory, "host")}`,
      `AuthorizedKeysFile ${allowedKey}.pub`,
      `PidFile ${join(directory, "sshd.pid")}`,
      "UsePAM no",
      "StrictModes no", // the permissions of the temporary directory's parents do not matter here
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
    ];
    writeFileSync(join(directory, "sshd_config"), `${lines.join("\n")}\n`);
    return server;
  }

  /** Its public host key, without comment. */
  get hostKey(): string {
    return readFileSync(join(this.directory, "host.pub"), "utf8").split(" ").slice(0, 2).join(" ");
  }

  async start(): Promise<this> {
    // Debian creates it at boot, which a container never had.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
    const program = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find(existsSync) ?? "sshd";
    this.daemon = spawn(program, ["-D", "-e", "-f", join(this.directory, "sshd_config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let words = "";
    for await (const text of this.daemon.stderr ?? []) {
      words += String(text);
      if (words.includes("Server listening")) break;
    }
    if (!words.includes("Server listening")) throw new Error(`sshd did not start: ${words}`);
    return this;
  }

  async stop(): Promise<void> {
    if (this.daemon?.exitCode !== null) return;
    this.daemon.kill();
    await once(this.daemon, "exit");
  }
}

/** A server of the test on 127.0.0.1, which ends with all its connections. */
export class Listener {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket)).on("error", () => undefined);
    });
  }

  static async start(server: Server, port = 0): Promise<Listener> {
    const listener = new Listener(server);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return listener;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Closes every connection; the server stays. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.drop();
    this.server.close();
  }
}

/** A certificate authority, like that of a cluster's Talos. */
export function talosAuthority(): Promise<KeyAndCertificate> {
  return createAuthority("ed25519", "O=talos", lifetime());
}

/** A node's Talos API as a client without its certificates sees it: TLS 1.3 that requires one. */
export async function talosApi(
  authority: KeyAndCertificate,
  { names = ["127.0.0.1"] }: { readonly names?: readonly string[] } = {},
): Promise<TalosApi> {
  const pair = await issueCertificate(authority, {
    subject: "CN=control-plane-0",
    lifetime: lifetime(),
    usages: ["server"],
    names,
  });
  const received: Buffer[] = [];
  const server = createTlsServer({
    key: standardKeyPem(pair.key),
    cert: pair.certificate,
    minVersion: "TLSv1.3",
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on("tlsClientError", () => undefined);
  server.on("secureConnection", (socket) => {
    socket.on("error", () => undefined).on("data", (data: Buffer) => received.push(data));
  });
  return { server, received };
}

export interface TalosApi {
  readonly server: Server;
  /** What was sent to it after the handshake. */
  readonly received: readonly Buffer[];
}

function lifetime(): Lifetime {
  return { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 3_600_000) };
}

/** Forwards each connection to a port, when `allow` says so; otherwise closes it at once. */
export function relay(port: number, allow: () => boolean = () => true): Server {
  return createServer((socket) => {
    if (!allow()) {
      socket.destroy();
      return;
    }
    const other = connect(port, "127.0.0.1");
    other.on("error", () => socket.destroy());
    socket.on("close", () => other.destroy());
    socket.pipe(other).pipe(socket);
  });
}
