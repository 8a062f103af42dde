import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ObjectStore } from "../../../src/object-store/object-store";
import { oneOf, ovh } from "../../support/clouds";
import { filesWithKeys, keysIn } from "../../support/keys";
import { before, changeOf, RecoveryScenario } from "../../support/recovery-scenario";
import { S3Server } from "../../support/s3-server";
import { keepInBucket } from "../../support/state-in-bucket";

// tofu asks a store again for a while before it gives up.
jest.setTimeout(400_000);

const lockKey = "openaether/demo.tfstate.tflock";
const down = ["down", "--name", "demo"];

describe.each(oneOf(ovh))("a store that dies while the state of $name is in it:", (cloud) => {
  let server: S3Server;
  let store: ObjectStore;
  let scenario: RecoveryScenario;

  beforeAll(async () => {
    server = await S3Server.start();
    store = new ObjectStore(server.bucket(), server.environment);
    scenario = await RecoveryScenario.on(cloud);
    const { user } = scenario;
    keepInBucket(user, server);
    await user.done("state", "create");
  });
  afterAll(async () => {
    await scenario.end();
    await server.end();
  });

  /** What a command prints during which the store dies, and stays dead. */
  const cutOff = async (operation: "create" | "delete", ...command: string[]) => {
    const { user } = scenario;
    const type = cloud.types.loadBalancer;
    await user.faults({ kind: "pause", type, operation });
    const reached = changeOf(user, "changeStarted", type, operation);
    const running = scenario.start(...command);
    await before(running, reached);
    await server.kill();
    await user.simulator.resume();
    const { code, errors } = await running.ended;
    expect(code).toBe(1);
    expect(errors).toContain("The state was not saved.");
    expect(errors).toContain(`does not answer (${server.endpoint})`);
    expect(errors).not.toMatch(/force-unlock|tofu apply|StatusCode/);
    return errors;
  };

  test("up says that the state was not saved, and another one creates nothing twice when it is back", async () => {
    const { user } = scenario;
    expect(await cutOff("create", "up", "--yes")).toMatch(/journal.*\n\n {2}\.\/openaether up/s);
    await server.restart();
    expect(await user.done("up", "--yes")).toContain("Released: the state's lock");
    expect(await user.done("plan")).toContain("no changes");
    expect((await user.cloudObjects())[cloud.types.loadBalancer]).toBe(1);
    expect(await store.get(lockKey)).toBeUndefined();
    const keys = keysIn(user.tofu("state", "pull"));
    const isKept = /^(cloud\/|key$|kubeconfig|talosconfig)/;
    expect(filesWithKeys(user.home, keys).filter((file) => !isKept.test(file))).toEqual([]);
  });

  test("down says so, too, and another one leaves nothing, also nothing that was created twice", async () => {
    const { user } = scenario;
    expect(await cutOff("delete", ...down)).toContain("./openaether down");
    await server.restart();
    expect(await user.done(...down)).toContain("The state is empty.");
    expect(await user.cloudObjects()).toEqual({});
  });
});
