import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { BackendCheck, Balancer, BalancerListener } from "../../balancers";
import { Forwarder } from "../../runtime/balancer/forwarder";
import { duplexPair } from "../../talos/nodes/duplex-pair";

const admin = "203.0.113.7";
const tcp: BackendCheck = {
  kind: "tcp",
  path: "/",
  codes: "200",
  interval: 20,
  timeout: 1000,
  rise: 2,
  fall: 3,
  startsUp: true,
};

/** Backends that answer with their own address, while they are alive. */
class Network {
  readonly dead = new Set<string>();
  readonly tried: string[] = [];

  readonly connect = (address: string, port: number, source: string): Promise<Duplex> => {
    this.tried.push(`${source} to ${address}:${port}`);
    if (this.dead.has(address)) return Promise.reject(new Error("connection refused"));
    const [near, far] = duplexPair();
    far.on("error", () => undefined);
    far.end(address);
    far.resume();
    return Promise.resolve(near);
  };
}

describe("a load balancer's forwarder", () => {
  let forwarder: Forwarder | undefined;
  afterEach(() => {
    forwarder?.close();
  });

  async function start(network: Network, changes: Partial<BalancerListener> = {}) {
    const listener: BalancerListener = {
      id: "api",
      port: 6443,
      admits: [],
      refusal: "close",
      backends: [1, 2].map((index) => ({ address: `172.16.4.${index}`, port: 6443 })),
      closesDead: false,
      ...changes,
    };
    const balancer: Balancer = {
      id: "lb",
      name: "api",
      privateAddress: "172.16.4.2",
      listeners: [listener],
    };
    const options = { connect: network.connect, clientAddress: () => admin, haste: 1 };
    const started = await Forwarder.start(options, balancer, listener);
    forwarder = started;
    return started;
  }

  test("connects to one backend after the other, from its own address", async () => {
    const network = new Network();
    const { port } = await start(network);
    expect([await ask(port), await ask(port)].sort()).toEqual(["172.16.4.1", "172.16.4.2"]);
    expect(network.tried[0]).toMatch(/^172\.16\.4\.2 to 172\.16\.4\.\d:6443$/);
  });

  test("tries the next backend when one refuses", async () => {
    const network = new Network();
    network.dead.add("172.16.4.1");
    const { port } = await start(network);
    expect([await ask(port), await ask(port)]).toEqual(["172.16.4.2", "172.16.4.2"]);
  });

  test("a backend is dead after so many failures, and used again after so many successes", async () => {
    const network = new Network();
    const started = await start(network, { check: tcp });
    const isUp = () => started.states.map((state) => state.isUp);
    const checks = (count: number) => {
      network.tried.length = 0;
      return until(() => network.tried.filter((one) => one.includes("4.1")).length >= count);
    };
    await checks(2);
    network.dead.add("172.16.4.1");
    await checks(2);
    expect(isUp()).toEqual([true, true]);
    await until(() => isUp().join() === "false,true");
    expect(started.states[0]?.problem).toBe("connection refused");
    network.dead.clear();
    await until(() => isUp().join() === "true,true");
  });

  test("a backend that must pass first is not used before", async () => {
    const network = new Network();
    const started = await start(network, { check: { ...tcp, startsUp: false, interval: 60_000 } });
    await expect(ask(started.port)).rejects.toThrow("ECONNRESET");
  });

  test("refuses a client that no rule allows", async () => {
    const filter = (peers: string[]) => ({
      by: "acl",
      rules: [{ by: "acl 0", action: "allow" as const, peers }],
      defaultAction: "deny" as const,
    });
    const open = await start(new Network(), { admits: [filter([`${admin}/32`])] });
    expect(await ask(open.port)).toMatch(/^172/);
    open.close();
    const others = { admits: [filter(["198.51.100.0/24"])] };
    const closed = await start(new Network(), others);
    await expect(ask(closed.port)).rejects.toThrow("ECONNRESET");
    closed.close();
    const silent = await start(new Network(), { ...others, refusal: "drop" });
    const answer = ask(silent.port);
    const patience = new Promise((resolve) => setTimeout(resolve, 50, "no answer"));
    expect(await Promise.race([answer, patience])).toBe("no answer");
    silent.close();
    expect(await answer).toBe("");
  });
});

async function ask(port: number): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  try {
    await once(socket, "end");
    return text;
  } finally {
    socket.destroy();
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
