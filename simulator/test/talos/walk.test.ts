import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Client, credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { SimulatedBastion } from "../../bastion";
import { standardKeyPem } from "../../pki/keys";
import { type Simulator, startSimulator } from "../../server";
import { TalosNodes } from "../../talos";
import { methodOf, type Message } from "../../talos/api/definition";
import { fromBase64 } from "../../talos/values";
import { bastionMachine, cloudConfig, SshClient, sshKey, type Tunnel } from "../bastion/fixtures";
import { Workspace } from "../protocol/tofu-run";
import { createWorld, ListedCloud, providerOf } from "./fixtures";

/** From secrets to kubeconfig with the real tofu, and the real ssh through the bastion. */
const world = createWorld();
const cloud = new ListedCloud();
const nodes = new TalosNodes(world, cloud);
const bastion = new SimulatedBastion(world, cloud, nodes);
const workspace = new Workspace();
const [hostKey, userKey] = [sshKey(), sshKey()];
let simulator: Simulator;
let tunnel: Tunnel | undefined;

beforeAll(async () => {
  simulator = await startSimulator({ providers: [providerOf(world)], clock: world.clock });
  workspace.reattach = simulator.reattach;
  await bastion.start();
});

afterAll(async () => {
  await tunnel?.close();
  await bastion.close();
  await nodes.close();
  simulator.close();
  workspace.remove();
});

const secrets = { resource: { talos_machine_secrets: { this: {} } } };
const data = {
  talos_machine_configuration: {
    cp: {
      cluster_name: "rehearsal",
      cluster_endpoint: "https://51.15.1.2:6443",
      machine_type: "controlplane",
      machine_secrets: "${talos_machine_secrets.this.machine_secrets}",
      config_patches: ['{"machine":{"certSANs":["127.0.0.1"]}}'],
    },
  },
  talos_client_configuration: {
    this: {
      cluster_name: "rehearsal",
      client_configuration: "${talos_machine_secrets.this.client_configuration}",
      endpoints: ["127.0.0.1"],
    },
  },
  talos_image_factory_urls: {
    this: { talos_version: "1.13.9", schematic_id: "abc", platform: "nocloud" },
  },
};

function bootstrapped(port: number) {
  const target = {
    endpoint: `127.0.0.1:${port}`,
    node: "172.16.4.4",
    client_configuration: "${talos_machine_secrets.this.client_configuration}",
    timeouts: { create: "5m" },
  };
  return {
    resource: {
      ...secrets.resource,
      talos_machine_bootstrap: { this: target },
      talos_cluster_kubeconfig: {
        this: { ...target, depends_on: ["talos_machine_bootstrap.this"] },
      },
    },
    data,
  };
}

function attributes(type: string): Record<string, unknown> {
  const found = workspace.state().resources.find((resource) => resource.type === type);
  return found?.instances[0]?.attributes ?? {};
}

test("secrets and configurations are created without a network, and do not change afterwards", async () => {
  workspace.configure({ ...secrets, data });
  expect(await workspace.apply()).toMatchObject({ status: 0 });
  expect(await workspace.plan()).toMatchObject({ status: 0 });
  expect(attributes("talos_image_factory_urls").urls).toMatchObject({
    installer: "factory.talos.dev/nocloud-installer/abc:v1.13.9",
  });
});

test("through a tunnel the cluster is bootstrapped, and the next plan is empty", async () => {
  cloud.list.push(bastionMachine(cloudConfig(hostKey, userKey.public)), {
    id: "cp-0",
    name: "rehearsal-control-plane-0",
    running: true,
    image: "talos",
    privateAddress: "172.16.4.4",
    userData: String(attributes("talos_machine_configuration").machine_configuration),
    problems: [],
  });
  await bastion.ready();
  tunnel = await new SshClient(bastion.port, userKey, hostKey).tunnel("172.16.4.4:50000");

  workspace.configure(bootstrapped(tunnel.port));
  expect(await workspace.apply()).toMatchObject({ status: 0 });
  expect(await workspace.plan()).toMatchObject({ status: 0 });
  expect(attributes("talos_cluster_kubeconfig").kubeconfig_raw).toContain("admin@rehearsal");
});

/** grpc-js verifies a name only; the node's certificate holds its hostname beside its addresses. */
const BY_NAME = { "grpc.ssl_target_name_override": "rehearsal-control-plane-0" };

test("another gRPC client reaches the node with the same identity, and not without one", async () => {
  const client = attributes("talos_machine_secrets").client_configuration as Record<string, string>;
  const [authority, key, certificate] = [
    client.ca_certificate!,
    client.client_key!,
    client.client_certificate!,
  ].map((text) => Buffer.from(standardKeyPem(fromBase64(text))));
  const address = `127.0.0.1:${tunnel!.port}`;

  const known = await version(
    new Client(address, credentials.createSsl(authority, key, certificate), BY_NAME),
  );
  expect(known).toMatchObject({ messages: [{ version: { sha: "SIMULATED" } }] });
  await expect(
    version(new Client(address, credentials.createSsl(authority), BY_NAME)),
  ).rejects.toMatchObject({ code: 14 });
});

test("a second bootstrap is refused by etcd's data, and an import repairs that", async () => {
  await workspace.tofu("state", "rm", "talos_machine_bootstrap.this");
  const { status, text } = await workspace.apply();
  expect(status).toBe(1);
  expect(text).toContain("etcd data directory is not empty");
  const imported = await workspace.tofu(
    "import",
    "talos_machine_bootstrap.this",
    "machine_bootstrap",
  );
  expect(imported).toMatchObject({ status: 0 });
  expect(await workspace.apply()).toMatchObject({ status: 0 });
  expect(await workspace.plan()).toMatchObject({ status: 0 });
});

test("a renewal without the tunnel loses the kubeconfig, and only a replacement restores it", async () => {
  world.clock.advanceDays(340);
  await tunnel!.close();
  const { status, text } = await workspace.apply();
  expect(text).toContain("failed to retrieve kubeconfig");
  expect(status).toBe(1);
  expect(attributes("talos_cluster_kubeconfig").kubeconfig_raw).toBeNull();
  expect(await workspace.plan()).toMatchObject({ status: 0 });

  tunnel = await new SshClient(bastion.port, userKey, hostKey).tunnel("172.16.4.4:50000");
  workspace.configure(bootstrapped(tunnel.port));
  const replaced = await workspace.apply("-replace=talos_cluster_kubeconfig.this");
  expect(replaced).toMatchObject({ status: 0 });
  expect(attributes("talos_cluster_kubeconfig").kubeconfig_raw).toContain("admin@rehearsal");
});

test("everything is destroyed without a node", async () => {
  await tunnel!.close();
  tunnel = undefined;
  expect(await workspace.tofu("destroy", "-auto-approve")).toMatchObject({ status: 0 });
  const file = readFileSync(join(workspace.directory, "terraform.tfstate"), "utf8");
  expect(JSON.parse(file)).toMatchObject({ resources: [] });
});

function version(client: Client): Promise<Message> {
  const { path, requestSerialize, responseDeserialize } = methodOf("Version");
  return new Promise<Message>((resolve, reject) =>
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, (error, answer) => {
      if (error) reject(error);
      else resolve(answer ?? {});
    }),
  ).finally(() => {
    client.close();
  });
}
