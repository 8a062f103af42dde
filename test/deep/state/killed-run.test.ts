import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ObjectStore } from "../../../src/object-store/object-store";
import { scaleway } from "../../support/clouds";
import { before, changeOf, RecoveryScenario, until } from "../../support/recovery-scenario";
import { S3Server } from "../../support/s3-server";
import { keepInBucket } from "../../support/state-in-bucket";

// Each command is several runs of tofu.
jest.setTimeout(240_000);

const lockKey = "openaether/demo.tfstate.tflock";
const down = ["down", "--name", "demo"];
/** What tofu prints of it. */
const keysDestroyed = "talos_machine_secrets.talos_config: Destruction complete";
const strangers = {
  ID: "8d3c1b2a-0000-4000-8000-000000000000",
  Operation: "OperationTypeApply",
  Who: "kim@build",
  Created: "2026-11-30T08:00:00Z",
};

describe("with the state in a bucket,", () => {
  let server: S3Server;
  let store: ObjectStore;
  let scenario: RecoveryScenario;

  beforeAll(async () => {
    server = await S3Server.start();
    store = new ObjectStore(server.bucket(), server.environment);
    await store.create();
    scenario = await RecoveryScenario.on(scaleway);
    const { user } = scenario;
    keepInBucket(user, server);
  });
  afterAll(async () => {
    await scenario.end();
    await server.end();
  });

  /** A command, while the cloud changes something. */
  const paused = async (
    operation: "create" | "delete",
    command: readonly string[],
    type = "scaleway_lb",
  ) => {
    const { user } = scenario;
    await user.faults({ kind: "pause", type, operation });
    const reached = changeOf(user, "changeStarted", type, operation);
    const running = scenario.start(...command);
    await before(running, reached);
    return running;
  };

  test("a killed up is finished by another one, which releases the lock that it left", async () => {
    const running = await paused("create", ["up", "--yes"]);
    const { tofu } = running;
    running.child.kill("SIGKILL");
    // While its tofu goes on, the lock is held.
    expect((await scenario.user.openaether("plan")).errors).toContain("force-unlock");
    process.kill(tofu, "SIGKILL");
    await running.ended;
    await scenario.user.simulator.kill();
    await scenario.user.startSimulator();
    expect(await store.get(lockKey)).toBeDefined();

    const output = await scenario.user.done("up", "--yes");
    expect(output).toContain("Released: the state's lock that an interrupted run has left here");
    expect(await scenario.user.done("plan")).toContain("no changes");
    expect(await store.get(lockKey)).toBeUndefined();
  });

  test("a down that was stopped after it had destroyed the keys is gone on with, here and elsewhere", async () => {
    const { user } = scenario;
    const running = await paused("delete", down, "scaleway_vpc_private_network");
    await until(() => readFileSync(scenario.journal, "utf8").includes(keysDestroyed), running);
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect(Object.keys(await user.cloudObjects())).toEqual(["scaleway_vpc"]);

    const elsewhere = join(user.home, "elsewhere");
    const { endpoint, region, name } = server.bucket();
    const place = ["--endpoint", endpoint, "--region", region, "--bucket", name];
    const { code, errors } = await user.openaether("attach", ...place, "--dir", elsewhere);
    expect([code, errors]).toEqual([1, expect.stringContaining("The keys of demo were destroyed")]);
    expect(existsSync(elsewhere)).toBe(false);
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, "tofu.tfvars.json"), user.read("tofu.tfvars.json"));
    expect((await user.openaether("plan", "--dir", elsewhere)).code).toBe(2);
    expect(await user.done(...down, "--dir", elsewhere)).toContain("The state is empty.");
    expect(await user.cloudObjects()).toEqual({});
    expect(await user.done(...down)).toContain("no resources exist");
  });

  test("another's lock is not released, and nothing is begun", async () => {
    await scenario.user.done("up", "--yes");
    await scenario.kill(await paused("delete", down));
    await store.put(lockKey, JSON.stringify(strangers));
    const objects = await scenario.user.cloudObjects();
    const { code, errors } = await scenario.user.openaether(...down);
    expect([code, errors]).toEqual([1, expect.stringContaining("kim@build")]);
    expect(errors).toContain(`force-unlock ${strangers.ID}`);
    expect(await scenario.user.cloudObjects()).toEqual(objects);
    await store.delete(lockKey);
    expect(await scenario.user.done(...down)).toContain("The state is empty.");
    expect(await scenario.user.cloudObjects()).toEqual({});
  });
});

test("where a store ignores conditional writes, up looks for another's lock before it begins", async () => {
  const server = await S3Server.start("gofakes3");
  const scenario = await RecoveryScenario.on(scaleway);
  try {
    const { user } = scenario;
    keepInBucket(user, server);
    const store = new ObjectStore(server.bucket(), server.environment);
    await store.create();
    await store.put(lockKey, JSON.stringify(strangers));
    const { code, errors } = await user.openaether("up", "--yes");
    expect([code, errors]).toEqual([1, expect.stringContaining("kim@build")]);
    expect(await user.cloudObjects()).toEqual({});
  } finally {
    await scenario.end();
    await server.end();
  }
});
