import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import type { Machine } from "../../machines";
import type { Values } from "../../protocol/model";
import { TalosNodes } from "../../talos";
import { operate } from "../../talos/api/operation";
import { objectOf } from "../../talos/values";
import { type Forward, openForward } from "./forward";
import {
  applyContext,
  createSecrets,
  createWorld,
  ListedCloud,
  type MovableClock,
  providerOf,
  render,
  type RenderOptions,
} from "./fixtures";

const LOOPBACK = "machine: {certSANs: [127.0.0.1]}";
const WORKER = { role: "worker" } as const;

let secrets: Values;
let others: Values;
let world: ReturnType<typeof createWorld> & { clock: MovableClock };
let cloud: ListedCloud;
let nodes: TalosNodes;
let forwards: Forward[];

beforeAll(async () => {
  secrets = await createSecrets(createWorld());
  others = await createSecrets(createWorld());
});

beforeEach(() => {
  world = createWorld();
  cloud = new ListedCloud();
  nodes = new TalosNodes(world, cloud);
  forwards = [];
});

afterEach(async () => {
  for (const forward of forwards) forward.close();
  await nodes.close();
});

async function add(
  name: string,
  address: string,
  options: RenderOptions & { machine?: Partial<Machine>; of?: Values } = {},
): Promise<Machine> {
  const patches = [LOOPBACK, ...(options.patches ?? [])];
  const userData = await render(world, options.of ?? secrets, { ...options, patches });
  return cloud.add({ name, privateAddress: address, userData, ...options.machine });
}

async function forward(address: string, source?: string): Promise<Forward> {
  const opened = await openForward(nodes, address, { source });
  forwards.push(opened);
  return opened;
}

/** A resource's creation against a node; the failure's detail when it fails. */
async function create(
  type: "talos_machine_bootstrap" | "talos_cluster_kubeconfig",
  endpoint: string,
  node: string,
): Promise<Values | string> {
  const planned = { endpoint, node, client_configuration: secrets.client_configuration! };
  try {
    return await providerOf(world).resources[type]!.create(planned, applyContext(world));
  } catch (error) {
    return String((error as { detail?: string }).detail);
  }
}

const bootstrap = async (endpoint: string, node = "172.16.4.4") =>
  create("talos_machine_bootstrap", endpoint, node);
const kubeconfig = async (endpoint: string, node = "172.16.4.4") =>
  create("talos_cluster_kubeconfig", endpoint, node);

describe("a new control plane", () => {
  test("is bootstrapped and returns a kubeconfig, though it is still booting at first", async () => {
    await add("cp-0", "172.16.4.4");
    const { endpoint, refusals } = await forward("172.16.4.4");
    expect(await bootstrap(endpoint)).toMatchObject({ id: "machine_bootstrap" });
    expect(refusals[0]).toContain("cp-0 is booting");
    const state = await kubeconfig(endpoint);
    expect(state).toMatchObject({
      id: "rehearsal",
      kubernetes_client_configuration: { host: "https://51.15.1.2:6443" },
    });
  });

  test("cannot be bootstrapped twice", async () => {
    await add("cp-0", "172.16.4.4");
    const { endpoint } = await forward("172.16.4.4");
    await bootstrap(endpoint);
    expect(await bootstrap(endpoint)).toBe(
      "rpc error: code = AlreadyExists desc = etcd data directory is not empty",
    );
  });

  test("starts with an empty disk when it is replaced", async () => {
    const first = await add("cp-0", "172.16.4.4");
    const { endpoint } = await forward("172.16.4.4");
    await bootstrap(endpoint);
    cloud.list[0] = { ...first, id: "cp-0-anew" };
    expect(await bootstrap(endpoint)).toMatchObject({ id: "machine_bootstrap" });
  });

  test("keeps its etcd when the simulator is restarted", async () => {
    await add("cp-0", "172.16.4.4");
    await bootstrap((await forward("172.16.4.4")).endpoint);
    await nodes.close();
    nodes = new TalosNodes(world, cloud);
    expect(await bootstrap((await forward("172.16.4.4")).endpoint)).toContain("AlreadyExists");
  });
});

describe("a node that does not come up", () => {
  test("refuses connections with an invalid configuration, and reports why", async () => {
    const patches = ["apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: a-1\n"];
    await add("cp-0", "172.16.4.4", { patches });
    await nodes.booted();
    const { endpoint, refusals } = await forward("172.16.4.4");
    expect(await bootstrap(endpoint)).toContain("authentication handshake failed: EOF");
    expect(refusals[0]).toContain("'auto' and 'hostname' cannot be set at the same time");
    expect(nodes.status()).toMatchObject([{ name: "cp-0", stage: "refused" }]);
  });

  test("refuses connections with a configuration newer than its image", async () => {
    await add("cp-0", "172.16.4.4", { machine: { image: "talos-v1.11.6" } });
    await nodes.booted();
    const [status] = nodes.status();
    expect(status?.stage).toBe("refused");
    expect(status?.problem).toContain("unknown keys found during decoding");
  });

  test("is unreachable with a problem that its cloud reports", async () => {
    await add("cp-0", "172.16.4.4", { machine: { problems: ["no default route"] } });
    await nodes.booted();
    await expect(nodes.connect("172.16.4.4", 50_000, "172.16.7.250")).rejects.toThrow(
      "Connection timed out (cp-0: no default route)",
    );
  });

  test.each([
    ["no machine has the address", {}, "172.16.4.9", "No route to host"],
    ["the machine is off", { running: false }, "172.16.4.4", "No route to host"],
  ])("%s", async (_, machine, address, message) => {
    await add("cp-0", "172.16.4.4", { machine });
    await expect(nodes.connect(address, 50_000, "172.16.7.250")).rejects.toThrow(message);
  });

  test("waits in maintenance mode without a configuration, where it cannot be bootstrapped", async () => {
    cloud.add({ name: "cp-0", privateAddress: "172.16.4.4", userData: "#cloud-config\n" });
    const { endpoint } = await forward("172.16.4.4");
    expect(await bootstrap(endpoint)).toBe(
      "rpc error: code = Unimplemented desc = method Bootstrap not implemented",
    );
  });
});

describe("access to a node", () => {
  test("a node of another cluster is not trusted", async () => {
    await add("cp-0", "172.16.4.4", { of: others });
    const { endpoint } = await forward("172.16.4.4");
    expect(await bootstrap(endpoint)).toContain(
      "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    );
  });

  test("a node's certificate does not contain 127.0.0.1 unless configured", async () => {
    cloud.add({
      name: "cp-0",
      privateAddress: "172.16.4.4",
      userData: await render(world, secrets),
    });
    const { endpoint } = await forward("172.16.4.4");
    expect(await bootstrap(endpoint)).toContain(
      "x509: certificate is valid for 172.16.4.4, not 127.0.0.1",
    );
  });

  test("a node's certificate contains 127.0.0.1 from Talos 1.13.4 on", async () => {
    cloud.add({
      name: "cp-0",
      image: "talos-v1.13.9",
      privateAddress: "172.16.4.4",
      userData: await render(world, secrets),
    });
    const { endpoint } = await forward("172.16.4.4");
    expect(await bootstrap(endpoint)).toMatchObject({ id: "machine_bootstrap" });
  });

  test("only the Talos API accepts connections", async () => {
    await add("cp-0", "172.16.4.4");
    await nodes.booted();
    await expect(nodes.connect("172.16.4.4", 22, "172.16.7.250")).rejects.toThrow(
      "Connection refused",
    );
  });

  test("the node's own firewall checks the source address", async () => {
    const patches = [
      '{"apiVersion":"v1alpha1","kind":"NetworkDefaultActionConfig","ingress":"block"}',
      '{"apiVersion":"v1alpha1","kind":"NetworkRuleConfig","name":"apid","portSelector":{"ports":[50000],"protocol":"tcp"},"ingress":[{"subnet":"172.16.7.0/24","except":"172.16.7.9/32"}]}',
    ];
    await add("cp-0", "172.16.4.4", { patches });
    await nodes.booted();
    await expect(nodes.connect("172.16.4.4", 50_000, "172.16.5.4")).rejects.toThrow(
      "Connection timed out (ingress firewall of cp-0: no rule lets 172.16.5.4 in on tcp/50000)",
    );
    await expect(nodes.connect("172.16.4.4", 50_000, "172.16.7.9")).rejects.toThrow("timed out");
    (await nodes.connect("172.16.4.4", 50_000, "172.16.7.250")).destroy();
  });
});

describe("several nodes of one cluster", () => {
  test("a control plane forwards to every other node", async () => {
    await add("cp-0", "172.16.4.4");
    await add("cp-1", "172.16.4.5");
    const { endpoint } = await forward("172.16.4.5");
    expect(await bootstrap(endpoint, "172.16.4.4")).toMatchObject({ id: "machine_bootstrap" });
    expect(await bootstrap(endpoint, "172.16.4.4")).toContain("AlreadyExists");
  });

  test("a worker does not forward, and cannot be bootstrapped", async () => {
    await add("cp-0", "172.16.4.4");
    await add("worker-0", "172.16.5.4", WORKER);
    await nodes.booted();
    const { endpoint } = await forward("172.16.5.4");
    expect(await bootstrap(endpoint, "172.16.4.4")).toContain("no request forwarding");
    expect(await bootstrap(endpoint, "172.16.5.4")).toBe(
      "rpc error: code = Unimplemented desc = bootstrap is only available on control plane nodes",
    );
  });

  test("a worker has no certificate until a control plane answers", async () => {
    await add("worker-0", "172.16.5.4", WORKER);
    await nodes.booted();
    await expect(nodes.connect("172.16.5.4", 50_000, "172.16.7.250")).rejects.toThrow(
      "worker-0 has no certificate yet",
    );
  });

  test("a node that cannot be reached from the control plane is reported with its message", async () => {
    await add("cp-0", "172.16.4.4");
    await nodes.booted();
    const { endpoint } = await forward("172.16.4.4");
    expect(await kubeconfig(endpoint, "172.16.4.9")).toContain(
      "dial tcp 172.16.4.9:50000: connect: no route to host",
    );
  });

  test("control planes join the etcd of a bootstrapped cluster, also a replaced one", async () => {
    await add("cp-0", "172.16.4.4");
    const second = await add("cp-1", "172.16.4.5");
    await add("cp-2", "172.16.4.6");
    await bootstrap((await forward("172.16.4.4")).endpoint);
    await nodes.booted();
    const { endpoint } = await forward("172.16.4.5");
    expect(await bootstrap(endpoint, "172.16.4.5")).toContain("AlreadyExists");
    cloud.list[1] = { ...second, id: "cp-1-anew" };
    await nodes.booted();
    expect(await bootstrap(endpoint, "172.16.4.5")).toContain("AlreadyExists");
  });

  test("without a quorum a replaced control plane does not join", async () => {
    const first = await add("cp-0", "172.16.4.4");
    await add("cp-1", "172.16.4.5");
    await bootstrap((await forward("172.16.4.4")).endpoint);
    await nodes.booted();
    cloud.list[0] = { ...first, id: "cp-0-anew" };
    await nodes.booted();
    expect(await bootstrap((await forward("172.16.4.4")).endpoint)).toMatchObject({
      id: "machine_bootstrap",
    });
  });
});

test("every service has an event and the time of its health, which Talos's client requires", async () => {
  await add("cp-0", "172.16.4.4");
  await nodes.booted();
  const { endpoint } = await forward("172.16.4.4");
  const target = {
    endpoint,
    node: "172.16.4.4",
    client: objectOf(secrets.client_configuration),
  };
  const [answer] = await operate(target, world.clock.now(), new AbortController().signal, (api) =>
    api.call("ServiceList", {}, "172.16.4.4"),
  );
  const [{ services }] = (answer as { messages: [{ services: Service[] }] }).messages;
  expect(services.map(({ id }) => id)).toContain("etcd");
  for (const { id, state, events, health } of services) {
    expect({ id, event: events?.events.at(-1)?.state }).toEqual({ id, event: state });
    expect({ id, seconds: health?.last_change?.seconds }).toEqual({
      id,
      seconds: events?.events.at(-1)?.ts.seconds,
    });
    expect(Number(health?.last_change?.seconds)).toBeGreaterThan(1_700_000_000);
  }
});

interface Service {
  readonly id: string;
  readonly state: string;
  readonly events: {
    readonly events: readonly { readonly state: string; readonly ts: { seconds: number } }[];
  } | null;
  readonly health: { readonly last_change: { readonly seconds: number } | null } | null;
}
