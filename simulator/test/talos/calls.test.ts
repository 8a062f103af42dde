import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { isUnknown, Refusal, type Values } from "../../protocol/model";
import { TalosNodes } from "../../talos";
import { objectOf, stringOf } from "../../talos/values";
import { type Forward, openForward } from "./forward";
import {
  applyContext,
  createSecrets,
  createWorld,
  ListedCloud,
  planOf,
  providerOf,
  render,
} from "./fixtures";

const world = createWorld();
const cloud = new ListedCloud();
const nodes = new TalosNodes(world, cloud);
const provider = providerOf(world);
let secrets: Values;
let forward: Forward;
let target: Values;

beforeAll(async () => {
  secrets = await createSecrets(world);
  const userData = await render(world, secrets, { patches: ["machine: {certSANs: [127.0.0.1]}"] });
  cloud.add({ name: "cp-0", privateAddress: "172.16.4.4", userData });
  await nodes.booted();
  forward = await openForward(nodes, "172.16.4.4");
  target = {
    node: "172.16.4.4",
    endpoint: forward.endpoint,
    client_configuration: secrets.client_configuration!,
  };
});

afterAll(async () => {
  forward.close();
  await nodes.close();
});

async function refusal(work: unknown): Promise<Refusal> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("talos_machine_bootstrap", () => {
  const bootstrap = provider.resources.talos_machine_bootstrap!;

  test("plans the node as its endpoint when none is set", () => {
    const { planned } = planOf(world, "talos_machine_bootstrap", null, { node: "172.16.4.4" });
    expect(planned.endpoint).toBe("172.16.4.4");
  });

  test("needs exactly one of the two forms of client configuration", () => {
    expect(bootstrap.validate!({})).toMatchObject([{ summary: "Missing client configuration" }]);
    const both = { client_configuration: {}, client_configuration_wo: {} };
    expect(bootstrap.validate!(both)).toMatchObject([
      { summary: "Conflicting client configuration" },
    ]);
    expect(bootstrap.validate!({ client_configuration: {} })).toEqual([]);
  });

  test("reads the write-only form from the configuration, and stores none of it", async () => {
    const context = applyContext(world, {
      client_configuration_wo: secrets.client_configuration!,
    });
    const planned = { ...target, client_configuration: null };
    expect(await bootstrap.create(planned, context)).toMatchObject({
      id: "machine_bootstrap",
      client_configuration_wo: null,
    });
  });

  test("fails with gRPC's message when nothing listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const { summary, detail } = await refusal(
      bootstrap.create({ ...target, endpoint: `127.0.0.1:${port}` }, applyContext(world)),
    );
    expect(summary).toBe("Error bootstrapping node");
    expect(detail).toBe(
      `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:${port}: connect: connection refused"`,
    );
  });

  test("reports only the timeout when the peer stays silent", async () => {
    const sockets = new Set<{ destroy(): void }>();
    const server = createServer((socket) => sockets.add(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const planned = { ...target, endpoint: `127.0.0.1:${port}`, timeouts: { create: "5m" } };
    const impatient = providerOf(world, 100).resources.talos_machine_bootstrap!;
    const { detail } = await refusal(impatient.create(planned, applyContext(world)));
    expect(detail).toBe("timeout while waiting for state to become 'success' (timeout: 5m0s)");
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  test("stops at once when tofu is interrupted", async () => {
    const context = {
      ...applyContext(world),
      wait: async () => Promise.reject(new Refusal("context canceled")),
    };
    const failure = await refusal(
      bootstrap.create({ ...target, endpoint: "127.0.0.1:1" }, context),
    );
    expect(failure.summary).toBe("context canceled");
  });
});

describe("talos_cluster_kubeconfig", () => {
  const TYPE = "talos_cluster_kubeconfig";
  const model = provider.resources[TYPE]!;
  let state: Values;

  beforeAll(async () => {
    const planned = { ...target, certificate_renewal_duration: "720h", timeouts: null };
    state = await model.create(planned, applyContext(world));
  });

  const due = () => {
    const later = createWorld();
    later.clock.advanceDays(340);
    return later;
  };

  test("returns a file for the cluster's endpoint that says where it is from", () => {
    expect(state.id).toBe("rehearsal");
    expect(state.kubeconfig_raw).toContain("current-context: admin@rehearsal");
    expect(state.kubeconfig_raw).toContain("server: https://51.15.1.2:6443");
  });

  test("does not change while its certificate is not due", () => {
    expect(planOf(world, TYPE, state, target).planned).toEqual(state);
  });

  test("is planned and renewed in the last 720 hours of its certificate", async () => {
    const later = due();
    const laterNodes = new TalosNodes(later, cloud);
    await laterNodes.booted();
    const laterForward = await openForward(laterNodes, "172.16.4.4");
    const config = { ...target, endpoint: laterForward.endpoint };
    const { planned } = planOf(later, TYPE, state, config);
    expect(isUnknown(planned.kubeconfig_raw)).toBe(true);
    const renewing = providerOf(later).resources[TYPE]!;
    const updated = await renewing.update!(state, planned, applyContext(later));
    expect(updated.kubeconfig_raw).not.toBe(state.kubeconfig_raw);
    expect(planOf(later, TYPE, updated, config).planned).toEqual(updated);
    laterForward.close();
    await laterNodes.close();
  });

  test("is not planned with a negative duration", () => {
    const config = { ...target, certificate_renewal_duration: "-876000h" };
    const { planned } = planOf(due(), TYPE, { ...state, ...config }, config);
    expect(planned.kubeconfig_raw).toBe(state.kubeconfig_raw);
  });

  test("fails the plan with an invalid duration", () => {
    const config = { ...target, certificate_renewal_duration: "soon" };
    expect(() => planOf(world, TYPE, state, config)).toThrow(
      "failed to parse certificate renewal duration in plan",
    );
  });

  test("is lost from the state by a renewal that cannot reach the API, and no plan repairs that", async () => {
    const later = due();
    const unreachable = { ...target, endpoint: "127.0.0.1:1" };
    const { planned } = planOf(later, TYPE, state, unreachable);
    const failure = await refusal(
      providerOf(later).resources[TYPE]!.update!(state, planned, applyContext(later)),
    );
    expect(failure.summary).toBe("failed to retrieve kubeconfig");
    expect(isUnknown(failure.state?.kubeconfig_raw)).toBe(true);

    const nothing = {
      host: null,
      ca_certificate: null,
      client_certificate: null,
      client_key: null,
    };
    const lost = { ...state, kubeconfig_raw: null, kubernetes_client_configuration: nothing };
    expect(planOf(later, TYPE, lost, target).planned).toEqual(lost);
  });
});

describe("talos_machine_configuration_apply", () => {
  const TYPE = "talos_machine_configuration_apply";
  const model = provider.resources[TYPE]!;
  const LOOPBACK = "machine: {certSANs: [127.0.0.1]}";

  async function apply(config: Values): Promise<Values> {
    const { planned } = planOf(world, TYPE, null, config);
    return model.create(planned, applyContext(world, config));
  }

  test("plans the patched configuration and its hash, and a node accepts it", async () => {
    const input = await render(world, secrets, { patches: [LOOPBACK] });
    const state = await apply({
      ...target,
      machine_configuration_input: input,
      config_patches: ["machine: {sysctls: {a: b}}"],
    });
    expect(stringOf(state.machine_configuration)).toContain("a: b");
    expect(state.machine_configuration_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(state).toMatchObject({ resolved_apply_mode: "auto", apply_mode: "auto" });
  });

  test("fails at once with an invalid configuration and leaves the node as it was", async () => {
    const input = await render(world, secrets, { patches: [LOOPBACK] });
    const patches = ["machine: {kubelet: {nodeIP: {validSubnets: [nowhere]}}}"];
    const config = { ...target, machine_configuration_input: input, config_patches: patches };
    const { summary, detail } = await refusal(apply(config));
    expect(summary).toBe("Error applying configuration");
    expect(detail).toContain("code = InvalidArgument");
    expect(detail).toContain('kubelet nodeIP subnet is not valid: "nowhere"');
    expect(nodes.status()).toMatchObject([{ stage: "ready" }]);
  });

  test("with a change that needs a reboot is refused in mode no_reboot, and reboots in auto", async () => {
    const input = await render(world, secrets, {
      patches: [LOOPBACK, "machine: {env: {HTTPS_PROXY: http://proxy}}"],
    });
    const config = { ...target, machine_configuration_input: input };
    const { detail } = await refusal(apply({ ...config, apply_mode: "no_reboot" }));
    expect(detail).toContain("can't be applied in immediate mode");
    await apply(config);
    await nodes.booted();
    const again = await apply({ ...config, apply_mode: "no_reboot" });
    expect(again).toMatchObject({ id: "machine_configuration_apply" });
  });

  test("applies the first configuration to a node in maintenance mode without an identity", async () => {
    cloud.add({ name: "cp-1", privateAddress: "172.16.4.5", userData: "#cloud-config\n" });
    await nodes.booted();
    const other = await openForward(nodes, "172.16.4.5");
    const input = await render(world, secrets, { patches: [LOOPBACK] });
    await apply({
      ...target,
      endpoint: other.endpoint,
      node: "172.16.4.5",
      client_configuration: objectOf((await createSecrets(world)).client_configuration),
      machine_configuration_input: input,
    });
    await nodes.booted();
    expect(nodes.status()[1]).toMatchObject({ name: "cp-1", stage: "ready" });
    other.close();
  });
});
