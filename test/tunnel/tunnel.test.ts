import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { tunnelScripts } from "../../constructs/tunnel-scripts";
import type { KeyAndCertificate } from "../../simulator/pki/certificates";
import { freePort } from "../../src/cli/rehearse/tunnel";
import { temporaryDirectory } from "../support/input";
import { createKey, Listener, relay, SshServer, talosApi, talosAuthority } from "./server";

const script = join(tunnelScripts(), "tunnel.sh");

let home: string;
let stack: string;
let key: string;
let port: number;
let authority: KeyAndCertificate;
let api: Listener;
let endings: (() => Promise<void> | void)[];

beforeEach(async () => {
  home = temporaryDirectory();
  stack = join(home, "stack");
  mkdirSync(stack);
  mkdirSync(join(home, "ssh"), { mode: 0o700 });
  key = createKey(join(home, "ssh", "right"));
  port = await freePort();
  authority = await talosAuthority();
  api = await Listener.start((await talosApi(authority)).server);
  endings = [
    () => {
      api.close();
    },
  ];
});
afterEach(async () => {
  await run("close").ended;
  await gone(watcher());
  for (const end of endings.reverse()) await end();
});

/** A bastion's SSH server, and the script's arguments for it. */
async function bastion(...options: string[]): Promise<SshServer> {
  const directory = join(home, `bastion-${endings.length}`);
  mkdirSync(directory);
  const server = await SshServer.create(directory, key, ...options);
  endings.push(() => server.stop());
  return server;
}

interface Settings {
  readonly server?: SshServer;
  /** Where ssh connects to, in place of the server itself. */
  readonly sshPort?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the script as tofu does: in the stack's directory, with all arguments. */
function run(mode: string, { server, sshPort, environment = {} }: Settings = {}) {
  const configuration = join(home, "ssh_config");
  writeFileSync(
    configuration,
    `Port ${sshPort ?? server?.port ?? 1}\nIdentitiesOnly no\nIdentityFile none\n`,
  );
  const child = spawn("bash", [script, mode], {
    cwd: stack,
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      TUNNEL_PORT: String(port),
      TARGET: `127.0.0.1:${api.port}`,
      BASTION: server?.login ?? "ubuntu@127.0.0.1",
      HOST_KEY: server?.hostKey ?? "",
      TALOS_CA: authority.certificate,
      FROM: home,
      KEYS: "bastion_ssh_keys.scaleway (SHA256:abc)",
      KNOWN_HOSTS: "../known_hosts",
      STACK: "cdktf.out/stacks/demo",
      VAR_FILE: "tofu.tfvars",
      OPENAETHER_SSH_CONFIG: configuration,
      OPENAETHER_SSH_KEY: key,
      OPENAETHER_SSH_WAIT: "20",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, ended: result(child) };
}

async function result(child: ChildProcess) {
  let [output, errors] = ["", ""];
  child.stdout?.on("data", (text) => (output += String(text)));
  child.stderr?.on("data", (text) => (errors += String(text)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, output, errors };
}

/** The process that keeps the tunnel open. */
function watcher(): number | undefined {
  const file = join(stack, ".tunnel", "watcher");
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((again) => setTimeout(again, 50));
}

async function gone(processId: number | undefined): Promise<void> {
  if (processId !== undefined) await until(() => !isAlive(processId));
}

/** Whether Talos's API answers through the tunnel. */
function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
    socket.on("close", () => {
      resolve(false);
    });
  });
}

describe("where ssh may log in, the tunnel script", () => {
  test("opens the tunnel, leaves it open for the next steps, and closes it afterwards", async () => {
    const server = await (await bastion()).start();
    const { code, output, errors } = await run("open", { server }).ended;
    expect(errors).toBe("");
    expect(output).toBe(`ssh ${server.login} leads 127.0.0.1:${port} to 127.0.0.1:${api.port}.\n`);
    expect(code).toBe(0);
    expect(await answers()).toBe(true);

    const process = watcher();
    expect((await run("close").ended).code).toBe(0);
    await gone(process);
    expect(existsSync(join(stack, ".tunnel"))).toBe(false);
    const again = await Listener.start(createServer(), port); // nothing holds the port any more
    again.close();
  });

  test("waits for a bastion that is still booting", async () => {
    const server = await (await bastion()).start();
    let attempts = 0;
    const slow = await Listener.start(relay(server.port, () => ++attempts > 3));
    endings.push(() => {
      slow.close();
    });
    const { code } = await run("open", { server, sshPort: slow.port }).ended;
    expect([code, attempts]).toEqual([0, 4]);
  });

  test("reconnects when the connection drops", async () => {
    const server = await (await bastion()).start();
    const line = await Listener.start(relay(server.port));
    endings.push(() => {
      line.close();
    });
    await run("open", { server, sshPort: line.port }).ended;
    line.drop();
    await until(answers);
  });

  test("works with a key that only the agent has", async () => {
    const server = await (await bastion()).start();
    const { code } = await run("open", { server, environment: await agentWith(key) }).ended;
    expect(code).toBe(0);
  });

  test("offers a configured key first, however many the agent has", async () => {
    const server = await (await bastion("MaxAuthTries 3")).start();
    const agent = await agentWith(...otherKeys(6));
    const { code } = await run("open", {
      server,
      environment: { ...agent, OPENAETHER_SSH_KEY: key },
    }).ended;
    expect(code).toBe(0);
  });
});

describe("a tunnel that is open already", () => {
  test("is used, and not closed", async () => {
    const byHand = await Listener.start(relay(api.port), port);
    endings.push(() => {
      byHand.close();
    });
    const { code, output } = await run("open").ended;
    expect([code, output]).toEqual([0, `A tunnel is open on 127.0.0.1:${port}.\n`]);
    await run("close").ended;
    expect(await answers()).toBe(true);
  });
});

describe("the tunnel script fails at once with what to do, and leaves nothing behind, for", () => {
  const refusal = async (settings: Settings) => {
    const { code, errors } = await run("open", settings).ended;
    expect(code).toBe(1);
    expect(existsSync(join(stack, ".tunnel"))).toBe(false);
    expect(errors).toContain("Everything is in place but the bootstrap.");
    expect(errors).toContain(`ssh -i <key> -L ${port}:127.0.0.1:${api.port} `);
    expect(errors).toContain(
      'tofu -chdir=cdktf.out/stacks/demo apply -var-file="$PWD"/tofu.tfvars',
    );
    // tofu ignores a flag that begins with a space.
    for (const line of errors.split("\n").filter(Boolean)) expect(line).toMatch(/^ /);
    return errors.replaceAll(/\s+/g, " ");
  };

  test("a wrong key", async () => {
    const server = await (await bastion()).start();
    const [wrong = ""] = otherKeys(1);
    const words = await refusal({ server, environment: { OPENAETHER_SSH_KEY: wrong } });
    expect(words).toContain(
      "The bastion at 127.0.0.1 refused the key that OPENAETHER_SSH_KEY names",
    );
    expect(words).toContain("bastion_ssh_keys.scaleway (SHA256:abc)");
  });

  test("a key with a passphrase that is not in the agent", async () => {
    const server = await (await bastion()).start();
    execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "secret", "-f", key]);
    expect(await refusal({ server })).toContain(
      `${key}, which has a passphrase, and nobody can type it here: ssh-add ${key}`,
    );
  });

  test("an agent with so many keys that the server gives up", async () => {
    const server = await (await bastion("MaxAuthTries 3")).start();
    const environment = await agentWith(...otherKeys(6));
    expect(await refusal({ server, environment })).toContain("OPENAETHER_SSH_KEY=<key>");
  });

  test("a machine that has another host key", async () => {
    const server = await (await bastion()).start();
    const other = await bastion();
    expect(await refusal({ server, environment: { HOST_KEY: other.hostKey } })).toContain(
      "does not have the host key that was made for the bastion",
    );
  });

  test("a local port that another process holds", async () => {
    const other = await Listener.start(
      createServer((socket) => socket.end("SSH-2.0-something\r\n")),
      port,
    );
    endings.push(() => {
      other.close();
    });
    const words = await refusal({ server: await bastion() });
    expect(words).toContain(`Something else holds 127.0.0.1:${port}`);
    expect(words).toContain(`-var=tunnel_port=${port + 1}`);
  });

  test("a bastion that refuses to forward", async () => {
    const server = await (await bastion("AllowTcpForwarding no")).start();
    expect(await refusal({ server })).toContain(`refuses to forward to 127.0.0.1:${api.port}`);
  });

  test("a server that accepts and then says nothing", async () => {
    const silent = await Listener.start(createServer(() => undefined));
    endings.push(() => {
      silent.close();
    });
    const words = await refusal({
      server: await bastion(),
      sshPort: silent.port,
      environment: { OPENAETHER_SSH_WAIT: "2" },
    });
    expect(words).toContain("Nothing answered at 127.0.0.1 for 2 seconds");
    expect(words).toContain("your address is not in admin_ip");
  });

  test("an ssh configuration that cannot be read", async () => {
    const environment = { OPENAETHER_SSH_CONFIG: join(home, "absent") };
    expect(await refusal({ server: await bastion(), environment })).toContain(
      "ssh cannot work as it is told to: Can't open user config file",
    );
  });
});

describe("the tunnel script leaves no process behind", () => {
  const waiting = async (): Promise<{ child: ChildProcess; kept: number }> => {
    const silent = await Listener.start(createServer(() => undefined));
    endings.push(() => {
      silent.close();
    });
    const { child } = run("open", { server: await bastion(), sshPort: silent.port });
    await until(() => watcher() !== undefined);
    return { child, kept: watcher() ?? 0 };
  };

  test.each<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGKILL"])(
    "when %s ends what waits for it",
    async (signal) => {
      const { child, kept } = await waiting();
      child.kill(signal);
      await gone(kept);
    },
  );

  test("when the process that it serves has ended", async () => {
    const server = await (await bastion()).start();
    const owner = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
    await run("open", { server, environment: { OPENAETHER_OWNER: String(owner.pid) } }).ended;
    const kept = watcher();
    expect(await answers()).toBe(true);
    owner.kill("SIGKILL");
    await gone(kept);
  });
});

function otherKeys(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    createKey(join(home, "ssh", `other-${index}-${endings.length}`)),
  );
}

/** An ssh agent that holds keys, without a key file. */
async function agentWith(...keys: string[]): Promise<Record<string, string>> {
  const socket = join(home, `agent-${endings.length}`);
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  endings.push(() => {
    agent.kill();
  });
  await until(() => existsSync(socket));
  for (const file of keys) {
    execFileSync("ssh-add", ["-q", file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  }
  return { SSH_AUTH_SOCK: socket, OPENAETHER_SSH_KEY: "" };
}
