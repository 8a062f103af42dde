import { readFileSync } from "node:fs";
import { Duplex } from "node:stream";
import { Client, type ConnectConfig } from "ssh2";
import { parse } from "yaml";
import { readCloudInit } from "../../simulator/bastion/cloud-init";
import type { TestCloud } from "../support/clouds";
import { Machine } from "./machine";
import { renderedUserData } from "./user-data";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

const sshd = "/usr/sbin/sshd";
const configuration = "/etc/ssh/sshd_config";
const hostKeyFile = "/etc/ssh/host_key";

/** Where a process on the bastion itself listens. */
export const socketOfBastion = "/run/listener.sock";

/** Where the test listens: targets that the bastion forwards to, and those that it must not. */
const listener = `
const [addresses, ports] = [process.argv[1].split(" "), process.argv[2].split(" ")];
let left = addresses.length * ports.length + 1;
require("node:net").createServer((socket) => socket.end("here is a socket"))
  .listen({ path: "${socketOfBastion}", writableAll: true }, () => left--);
for (const host of addresses) for (const port of ports)
  require("node:net").createServer((socket) => socket.end("here is " + host + ":" + port))
    .listen(Number(port), host, () => { if (--left === 0) console.log("ready"); });
`;

/** The image's own file, as permissive as possible: what the bastion's does not restrict is allowed. */
const open = [
  "PermitRootLogin yes",
  "PasswordAuthentication yes",
  "KbdInteractiveAuthentication yes",
  "AllowAgentForwarding yes",
  "AllowStreamLocalForwarding yes",
  "AllowTcpForwarding yes",
  "GatewayPorts yes",
  "PermitTunnel yes",
  "X11Forwarding yes",
];

/** Connects its own streams to the bastion's sshd, from an address. */
const caller = `
const [host, port, localAddress] = process.argv.slice(1);
const socket = require("node:net").connect({ host, port: Number(port), localAddress, noDelay: true });
socket.on("error", () => process.exit(1));
process.stdin.pipe(socket).pipe(process.stdout);
`;

/** Starts an sshd per connection, as systemd does for a socket of both families. */
const activator = `
require("node:net").createServer({ pauseOnConnect: true }, (socket) => {
  const options = { stdio: [socket, socket, "ignore"] };
  require("node:child_process").spawn("${sshd}", ["-i", "-f", "${configuration}"], options);
  socket.destroy();
}).listen({ host: "::", port: 2222 }, () => console.log("ready"));
`;

/** Where such a socket listens, in addition to sshd itself. */
export const activatedPort = 2222;

/** The link-local prefix: every neighbour on a network has such an address. */
export const linkLocal = "fe80::5e%lo";
/** A prefix that a router on the network announced. */
export const announced = "fd5e::5e";

/** In admin_ip. */
const admin = "203.0.113.7";

/** A cloud's bastion: OpenSSH's server with the settings of its user data, and the nodes around it. */
export class BastionHost {
  readonly key = sshKeyPair();
  private readonly hostKey = sshKeyPair();
  private machine!: Machine;
  private readonly clients: Client[] = [];

  private constructor(private readonly address: string) {}

  /**
   * @param address Its own, where sshd listens
   * @param addresses Where something listens on each of the ports
   */
  static async start(
    cloud: TestCloud,
    address: string,
    addresses: readonly string[],
    ports: readonly number[],
  ): Promise<BastionHost> {
    const bastion = new BastionHost(address);
    bastion.machine = await Machine.create();
    bastion.install(cloud);
    for (const one of [address, admin, ...addresses]) {
      if (!one.startsWith("127.")) {
        bastion.machine.run("ip", "address", "add", `${one}/32`, "dev", "lo");
      }
    }
    for (const one of [linkLocal, announced]) {
      const network = `${one.split("%")[0] ?? ""}/64`;
      bastion.machine.run("ip", "address", "add", network, "dev", "lo", "nodad");
    }
    const program = ["-e", listener, addresses.join(" "), ports.join(" ")];
    await bastion.machine.serve("ready", process.execPath, ...program);
    await bastion.machine.serve("Server listening", sshd, "-D", "-e", "-f", configuration);
    await bastion.machine.serve("ready", process.execPath, "-e", activator);
    return bastion;
  }

  /** What cloud-init does with the user data, as far as it concerns sshd. */
  private install(cloud: TestCloud): void {
    const userData = renderedUserData(cloud, {
      user: this.key.public,
      hostPrivate: this.hostKey.private,
      hostPublic: this.hostKey.public,
    });
    const { sshdFiles, authorizedKeys, hostKey = "" } = readCloudInit(userData);
    const { users } = parse(userData) as {
      users: readonly { readonly name: string; readonly shell: string }[];
    };
    for (const directory of ["/etc/ssh", "/run", "/tmp"]) this.machine.empty(directory);
    this.machine.run("chmod", "1777", "/tmp");
    for (const [path, text] of Object.entries(sshdFiles)) this.machine.write(path, text);
    for (const [user, keys] of Object.entries(authorizedKeys)) {
      this.machine.write(`/etc/ssh/keys/${user}`, `${keys.join("\n")}\n`);
    }
    // Must be refused all the same.
    for (const user of ["root", "daemon"]) {
      this.machine.write(`/etc/ssh/keys/${user}`, `${this.key.public}\n`);
    }
    this.machine.write(hostKeyFile, hostKey, "600");
    this.machine.write(
      configuration,
      [
        "Include /etc/ssh/sshd_config.d/*.conf",
        ...open,
        `HostKey ${hostKeyFile}`,
        `ListenAddress ${this.address}`,
        `ListenAddress ${linkLocal}`,
        `ListenAddress ${announced}`,
        "AuthorizedKeysFile /etc/ssh/keys/%u",
        "UsePAM no",
        "",
      ].join("\n"),
    );
    const accounts = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .filter((line) => line !== "" && !users.some(({ name }) => line.startsWith(`${name}:`)));
    const own = users.map(({ name, shell }, i) => `${name}:*:${4000 + i}:${4000 + i}::/:${shell}`);
    this.machine.write("/run/passwd", [...accounts, ...own, ""].join("\n"));
    this.machine.run("mount", "--bind", "/run/passwd", "/etc/passwd");
    this.machine.run("mkdir", "/run/sshd"); // Debian creates it at boot
  }

  /** sshd's effective settings for a user, by their lower-case names. */
  settings(user: string): ReadonlyMap<string, string> {
    const who = `user=${user},host=desk,addr=${admin}`;
    const text = this.machine.run(sshd, "-T", "-C", who, "-f", configuration);
    return new Map(
      text.split("\n").map((line) => {
        const [name = "", ...values] = line.split(" ");
        return [name, values.join(" ")];
      }),
    );
  }

  /**
   * Logs in over the network.
   * @param from The source address, of the namespace
   * @param to Which of its addresses is connected to
   */
  login(config: ConnectConfig = {}, from = admin, to = this.address, port = 22): Promise<Client> {
    const program = ["-e", caller, to, String(port), from];
    const { stdin, stdout } = this.machine.start(process.execPath, ...program);
    if (stdin === null || stdout === null) throw new Error("it has no streams");
    stdin.on("error", () => undefined); // sshd closed the connection
    const client = new Client();
    this.clients.push(client);
    return new Promise((resolve, reject) => {
      client
        .once("ready", () => {
          resolve(client);
        })
        .once("error", reject)
        .connect({
          sock: Duplex.from({ readable: stdout, writable: stdin }),
          username: "ubuntu",
          privateKey: this.key.private,
          hostVerifier: (key: Buffer) =>
            key.toString("base64") === this.hostKey.public.split(" ")[1],
          ...config,
        });
    });
  }

  async end(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await this.machine.end();
  }
}

/** The result of a forward through the bastion: the first output of the other end, or the error. */
export function forward(client: Client, host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    client.forwardOut("127.0.0.1", 0, host, port, (error, stream) => {
      if (error !== undefined) {
        const { reason } = error as Error & { reason?: number };
        resolve(reason === 1 ? "prohibited" : `${reason ?? ""} ${error.message}`);
        return;
      }
      stream.setEncoding("utf8").once("data", resolve);
    });
  });
}
