import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { SimulatorProcess } from "../../simulator/process";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";
import { freePort, simulatedBastion } from "../../src/cli/rehearse/tunnel";
import { runTofu, type TofuResult } from "../../src/tofu/process";
import { ovh, scaleway } from "../support/clouds";
import { ForeignApp } from "../support/foreign-app";
import { objectsOfClusters, startSimulator } from "../support/simulator";
import { tofuBinary } from "../support/tofu";

const key = sshKeyPair();
const app = new ForeignApp("library", { "bastion.pub": key.public });

beforeAll(async () => {
  const file = join(app.directory, "main.ts");
  // Ports of this run's own.
  const program = readFileSync(file, "utf8").replace(
    "tunnelPort: 50001",
    `tunnelPort: ${await freePort()}`,
  );
  writeFileSync(
    file,
    program.replace("cloud: scaleway,", `cloud: scaleway,\n  tunnelPort: ${await freePort()},`),
  );
  writeFileSync(join(app.directory, "key"), key.private, { mode: 0o600 });
  await app.compile();
  await app.node("main.js");
});

describe.each([
  { stack: "paris", cloud: scaleway, nodes: 5 },
  { stack: "gravelines", cloud: ovh, nodes: 2 },
])("the example's stack on $cloud.name", ({ stack, cloud, nodes }) => {
  let simulator: SimulatorProcess;

  beforeAll(async () => {
    simulator = await startSimulator({
      directory: join(app.directory, `cloud-${stack}`),
      cloud: cloud.name,
      cloudOptions: cloud.account,
      tofuDirectory: app.stack(stack),
    });
    const configuration = simulatedBastion(simulator.ready.bastionPort);
    writeFileSync(join(app.directory, `ssh_config-${stack}`), `${configuration.join("\n")}\n`);
  });

  afterAll(() => simulator.stop());

  const tofu = (...args: string[]): Promise<TofuResult> =>
    runTofu(tofuBinary(), args, {
      stackDirectory: app.stack(stack),
      reattach: simulator.reattachProviders,
      environment: {
        OPENAETHER_SSH_CONFIG: join(app.directory, `ssh_config-${stack}`),
        OPENAETHER_SSH_KEY: join(app.directory, "key"),
        OPENAETHER_SSH_WAIT: "20",
      },
    });

  test("creates its cluster, and what refers to the cluster's outputs", async () => {
    expect(await tofu("init")).toMatchObject({ code: 0 });
    const { code, output } = await tofu("apply", "-auto-approve");
    expect(output).toContain("Apply complete!");
    expect(code).toBe(0);

    const { output: json } = await tofu("output", "-json");
    const outputs = JSON.parse(json) as Record<string, { value: unknown }>;
    expect(Object.keys(outputs["nodes"]?.value as object)).toHaveLength(nodes);
    expect(outputs["kubeconfig"]?.value).toContain(
      `server": "https://${String(outputs["api"]?.value)}:6443`,
    );
    expect(String(outputs["egress"]?.value)).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });

  test("has an empty second plan, and leaves nothing when it is destroyed", async () => {
    expect(await tofu("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
    expect(await tofu("destroy", "-auto-approve")).toMatchObject({ code: 0 });
    expect(await objectsOfClusters(simulator, cloud)).toEqual({});
  });
});
