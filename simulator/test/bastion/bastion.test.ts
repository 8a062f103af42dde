import type { Duplex } from "node:stream";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { SimulatedBastion } from "../../bastion";
import { RouteError } from "../../talos";
import { duplexPair } from "../../talos/nodes/duplex-pair";
import { createWorld, ListedCloud, type MovableClock } from "../talos/fixtures";
import { bastionMachine, cloudConfig, SshClient, sshKey, touch } from "./fixtures";

const hostKey = sshKey();
const userKey = sshKey();

/** A network in which one address answers with a line and all others are refused. */
const connections: string[] = [];
const network = {
  connect(address: string, port: number, source: string): Promise<Duplex> {
    connections.push(`${source} to ${address}:${port}`);
    if (port !== 50_000) {
      return Promise.reject(new RouteError("ECONNREFUSED", "nothing listens"));
    }
    const [near, far] = duplexPair();
    far.end("the node answers\n");
    return Promise.resolve(near);
  },
};

let world: ReturnType<typeof createWorld> & { clock: MovableClock };
let cloud: ListedCloud;
let bastion: SimulatedBastion;

beforeEach(async () => {
  connections.length = 0;
  world = createWorld();
  cloud = new ListedCloud();
  bastion = new SimulatedBastion(world, cloud, network);
  await bastion.start();
});

afterEach(async () => bastion.close());

/** A bastion that has finished booting. */
async function boot(userData = cloudConfig(hostKey, userKey.public), id?: string): Promise<void> {
  cloud.list.splice(0, cloud.list.length, bastionMachine(userData, id));
  await bastion.ready();
}

function client(key = userKey, pinned = hostKey): SshClient {
  return new SshClient(bastion.port, key, pinned);
}

describe("logging in to the bastion", () => {
  test("the key of the user data is accepted, and the banner says that it is simulated", async () => {
    await boot();
    const { status, output } = await client().run("bastion", "true");
    expect(output).toContain("Simulated bastion rehearsal-bastion");
    expect(status).toBe(0);
  });

  test("another key is refused", async () => {
    await boot();
    const { status, output } = await client(sshKey()).run("bastion", "true");
    expect(output).toContain("Permission denied (publickey)");
    expect(status).toBe(255);
  });

  test("root is refused even with an authorized key", async () => {
    await boot();
    const { output } = await client().run("-l", "root", "bastion", "true");
    expect(output).toContain("Permission denied (publickey)");
  });

  test("the rehearsal's own key is accepted when one is given", async () => {
    const rehearsalKey = sshKey();
    await bastion.close();
    bastion = new SimulatedBastion(world, cloud, network, { extraKey: rehearsalKey.public });
    await bastion.start();
    await boot();
    const { status } = await client(rehearsalKey).run("bastion", "true");
    expect(status).toBe(0);
  });

  test("a host key other than the pinned one stops the client", async () => {
    await boot(cloudConfig(sshKey(), userKey.public));
    const { status, output } = await client().run("bastion", "true");
    expect(output).toContain("Host key verification failed");
    expect(status).toBe(255);
  });

  test("a replaced bastion presents its new host key", async () => {
    const newKey = sshKey();
    await boot();
    await boot(cloudConfig(newKey, userKey.public), "bastion-2");
    expect((await client().run("bastion", "true")).output).toContain(
      "Host key verification failed",
    );
    expect((await client(userKey, newKey).run("bastion", "true")).status).toBe(0);
  });

  test("no login is possible when the user data is no YAML", async () => {
    await boot("#cloud-config\nusers: [\n");
    expect((await client(userKey, sshKey()).run("bastion", "true")).status).toBe(255);
  });
});

describe("a bastion that does not accept connections", () => {
  test("without a machine the connection ends before a banner", async () => {
    const { status, output } = await client().run("bastion", "true");
    expect(output).toMatch(/Connection (closed|reset)/);
    expect(status).toBe(255);
  });

  test("while it boots the connection ends before a banner, afterwards it does not", async () => {
    cloud.list.push(bastionMachine(cloudConfig(hostKey, userKey.public)));
    expect((await client().run("bastion", "true")).output).toMatch(/Connection (closed|reset)/);
    await bastion.ready();
    expect((await client().run("bastion", "true")).status).toBe(0);
  });

  test("a Talos node with a public address is not taken for the bastion", async () => {
    cloud.list.push({ ...bastionMachine("version: v1alpha1\n"), image: "talos" });
    expect((await client().run("bastion", "true")).output).toMatch(/Connection (closed|reset)/);
  });
});

describe("forwarding through the bastion", () => {
  test("a permitted target is reached from the bastion's private address", async () => {
    await boot();
    const { output } = await client().run("-W", "172.16.4.4:50000", "bastion");
    expect(output).toContain("the node answers");
    expect(connections).toEqual(["172.16.7.250 to 172.16.4.4:50000"]);
  });

  test.each(["172.16.4.4:22", "172.16.4.5:50000", "1.1.1.1:443"])(
    "sshd prohibits %s",
    async (target) => {
      await boot();
      const tunnel = await client().tunnel(target);
      await touch(tunnel.port);
      await tunnel.close();
      expect(tunnel.output()).toContain("open failed: administratively prohibited: open failed");
      expect(connections).toEqual([]);
    },
  );

  test("a permitted target that refuses is reported with the operating system's message", async () => {
    await boot(cloudConfig(hostKey, userKey.public, "PermitOpen 172.16.4.4:*"));
    const tunnel = await client().tunnel("172.16.4.4:6443");
    await touch(tunnel.port);
    await tunnel.close();
    expect(tunnel.output()).toContain("open failed: connect failed: Connection refused");
  });

  test("without a private address no node is reachable", async () => {
    await boot();
    const [machine] = cloud.list;
    cloud.list[0] = { ...machine!, privateAddress: undefined };
    const tunnel = await client().tunnel("172.16.4.4:50000");
    await touch(tunnel.port);
    await tunnel.close();
    expect(tunnel.output()).toContain("open failed: connect failed: Network is unreachable");
  });

  test("a key restricted in authorized_keys forwards only where its options say", async () => {
    const line = `restrict,port-forwarding,permitopen="172.16.4.9:50000" ${userKey.public}`;
    await boot(cloudConfig(hostKey, line, "PermitOpen any"));
    const tunnel = await client().tunnel("172.16.4.4:50000");
    await touch(tunnel.port);
    await tunnel.close();
    expect(tunnel.output()).toContain("administratively prohibited");
  });
});

describe("commands on the bastion", () => {
  test("a shell is refused with the reason", async () => {
    await boot();
    const { status, output } = await client().run("-T", "bastion");
    expect(output).toContain("has no shell");
    expect(status).toBe(1);
  });

  test("a command that does not only wait is refused by name", async () => {
    await boot();
    const { status, output } = await client().run("bastion", "uname", "-a");
    expect(output).toContain('cannot run "uname -a"');
    expect(status).toBe(127);
  });

  test("a tunnel can be kept open by a remote sleep", async () => {
    await boot();
    const { status } = await client().run("bastion", "sleep 0");
    expect(status).toBe(0);
  });
});
