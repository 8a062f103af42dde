import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync } from "node:fs";
import { type Client } from "ssh2";
import { specOf, values } from "../support/input";
import { testClouds } from "../support/clouds";
import {
  activatedPort,
  announced,
  BastionHost,
  forward,
  linkLocal,
  socketOfBastion,
} from "./bastion-host";
import { mayUnshare } from "./machine";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

const talos = 50000;
const kubernetes = 6443;
/** Of a node: SSH, HTTP, etcd twice, kubelet, and Talos's trustd. */
const others = [22, 80, 2379, 2380, 10250, 50001];
const elsewhere = ["127.0.0.1", "198.51.100.7", "169.254.169.254"];

const canRun = mayUnshare && existsSync("/usr/sbin/sshd");
/** Needs namespaces, for the nodes' addresses and the user ubuntu. */
const inNamespaces = canRun ? describe.each(testClouds) : describe.skip.each(testClouds);

inNamespaces("OpenSSH with the settings of the bastion on $name", (cloud) => {
  const spec = specOf(values(cloud.available, {}, cloud));
  const { nodes } = spec;
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane");
  const workers = nodes.filter(({ role }) => role === "worker");
  const own = spec.bastion.address;
  let bastion: BastionHost;
  let client: Client;

  beforeAll(async () => {
    bastion = await BastionHost.start(
      cloud,
      own,
      [...nodes.map(({ address }) => address), ...elsewhere],
      [talos, kubernetes, ...others],
    );
    client = await bastion.login();
  });
  afterAll(() => bastion.end());

  test("the bastion forwards to Talos's API of every node", async () => {
    for (const { address } of nodes) {
      expect(await forward(client, address, talos)).toBe(`here is ${address}:${talos}`);
    }
  });

  test("the bastion forwards to the Kubernetes API of every control plane, and of no worker", async () => {
    for (const { address } of controlPlanes) {
      expect(await forward(client, address, kubernetes)).toBe(`here is ${address}:${kubernetes}`);
    }
    for (const { address } of workers) {
      expect(await forward(client, address, kubernetes)).toBe("prohibited");
    }
  });

  test("the bastion forwards to no other port of a node", async () => {
    for (const { address } of nodes) {
      for (const port of others) {
        expect([port, await forward(client, address, port)]).toEqual([port, "prohibited"]);
      }
    }
  });

  test("the bastion forwards to nothing else: not itself, not the internet, not the cloud's metadata service", async () => {
    for (const host of [...elsewhere, own, "localhost", "::1", "example.org"]) {
      for (const port of [talos, kubernetes, 80]) {
        expect([host, await forward(client, host, port)]).toEqual([host, "prohibited"]);
      }
    }
  });

  test("the bastion opens no port or socket for a client", async () => {
    const asked = (ask: (done: (error?: Error | null) => void) => void) =>
      new Promise((resolve) => {
        ask((error) => {
          resolve(error?.message);
        });
      });
    expect(await asked((done) => client.forwardIn("127.0.0.1", 0, done))).toMatch(/Unable to bind/);
    expect(
      await asked((done) => client.openssh_forwardOutStreamLocal(socketOfBastion, done)),
    ).toMatch(/open failed/);
    expect(
      await asked((done) => client.openssh_forwardInStreamLocal("/tmp/any.sock", done)),
    ).toMatch(/Unable to bind/);
  });

  test("the bastion has a shell for ubuntu, without agent and X11 forwarding", async () => {
    expect(await command(client, {})).toBe("ubuntu");
    const withAgent = await bastion.login({ agentForward: true, agent: "/nowhere" });
    expect(await command(withAgent, { agentForward: true })).toMatch(/agent forwarding/i);
    expect(await command(client, { x11: true })).toMatch(/X11/);
  });

  test("the bastion itself refuses what the image's own settings might allow", () => {
    const settings = bastion.settings("ubuntu");
    const names = [
      ...["permitrootlogin", "passwordauthentication", "kbdinteractiveauthentication"],
      ...["gatewayports", "permittunnel", "x11forwarding", "allowagentforwarding"],
      "allowstreamlocalforwarding",
    ];
    expect(names.map((name) => `${name} ${settings.get(name) ?? ""}`)).toEqual(
      names.map((name) => `${name} no`),
    );
  });

  test("the bastion accepts only ubuntu with the key of the input", async () => {
    const other = sshKeyPair().private;
    await expect(bastion.login({ privateKey: other })).rejects.toThrow(refused);
    await expect(bastion.login({ username: "root" })).rejects.toThrow(refused);
    await expect(bastion.login({ username: "daemon" })).rejects.toThrow(refused);
  });

  test("the bastion accepts no login from a node, with the right key or another", async () => {
    for (const { address } of nodes) {
      await expect(bastion.login({}, address)).rejects.toThrow(refused);
    }
  });

  test("the bastion accepts no login over IPv6, neither at a link-local nor at an announced address", async () => {
    for (const address of [linkLocal, announced]) {
      await expect(bastion.login({}, address, address)).rejects.toThrow(refused);
      await expect(bastion.login({}, address, address, activatedPort)).rejects.toThrow(refused);
    }
  });

  test("the bastion accepts an admin over systemd's socket for both families", async () => {
    const admitted = await bastion.login({}, undefined, undefined, activatedPort);
    expect(await command(admitted, {})).toBe("ubuntu");
  });

  test("the bastion accepts no password", async () => {
    let offered: readonly string[] = [];
    const login = bastion.login({
      privateKey: undefined,
      password: "ubuntu",
      authHandler: (left: string[] | null) => {
        offered = left ?? [];
        return left === null ? "none" : false;
      },
    });
    await expect(login).rejects.toThrow();
    expect(offered).toEqual(["publickey"]);
  });
});

const refused = "All configured authentication methods failed";

/** Prints the user that the command runs as, or why it does not run. */
function command(client: Client, options: object): Promise<string> {
  return new Promise((resolve) => {
    client.exec("id -un", options, (error, stream) => {
      if (error !== undefined) resolve(error.message);
      else
        stream.setEncoding("utf8").once("data", (text: string) => {
          resolve(text.trim());
        });
    });
  });
}
