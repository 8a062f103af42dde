import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { filesInClear } from "../../commands/state";
import { oneOf, outscale } from "../../support/clouds";
import { killAt, type KillPoint } from "../../support/killed-at-tofu";
import { filesWithKeys, keysIn } from "../../support/keys";
import { RecoveryScenario } from "../../support/recovery-scenario";
import { S3Server } from "../../support/s3-server";
import { keepInBucket, passphrase } from "../../support/state-in-bucket";

// Each command is several runs of tofu, and there are two dozen.
jest.setTimeout(600_000);

const clientFiles = /^(kubeconfig|talosconfig)/;
const down = ["down", "--name", "demo"];
/** The calls of `up`, in their order: the apply of the keys alone, then that of the plan. */
const callsOfUp = ["init", "state pull", "apply -auto-approve", "plan", "show", "apply -json"];
const callsOfDown = ["plan", "show", "apply -json"];

const around = (calls: readonly string[]): KillPoint[] =>
  calls.flatMap((call) =>
    (["instead", "after"] as const).map((moment) => ({
      call: 1,
      moment,
      // After "-chdir=…".
      pattern: `*" ${call}"*`,
    })),
  );

describe.each(oneOf(outscale))("with the state of $name in a bucket,", (cloud) => {
  let server: S3Server;
  let scenario: RecoveryScenario;
  /** Keys of every state that existed. */
  const keys = new Set<string>();

  beforeAll(async () => {
    server = await S3Server.start();
    scenario = await RecoveryScenario.on(cloud);
    const { user } = scenario;
    mkdirSync(join(user.home, "temporary"));
    user.variables = { TMPDIR: join(user.home, "temporary") };
    keepInBucket(user, server);
    await user.done("state", "create");
  });
  afterAll(async () => {
    await scenario.end();
    await server.end();
  });

  const isKilled = async (point: KillPoint, ...command: string[]) => {
    const { user } = scenario;
    const was = await killAt(user, point, command);
    const isInitialized = user.has(join("cdktf.out", "stacks", "demo", ".terraform"));
    const state = isInitialized ? user.tofu("state", "pull").trim() : "";
    if (state !== "") for (const key of keysIn(state)) keys.add(key);
    const inClear = [
      ...filesInClear(user, [...keys, passphrase]).filter((file) => !clientFiles.test(file)),
      ...filesWithKeys(server.home, [...keys, passphrase]),
    ];
    expect([point, inClear]).toEqual([point, []]);
    return was;
  };

  test("an up that is killed at each call of tofu goes on, and no key is ever in clear: here, in temporary files, in the bucket", async () => {
    const killed = [];
    for (const point of around(callsOfUp)) {
      killed.push(await isKilled(point, "up", "--yes"));
    }
    expect(killed).toEqual(killed.map(() => true));
    expect(keys.size).toBeGreaterThan(5);
    await scenario.completes();
  });

  test("so does a down", async () => {
    const killed = [];
    for (const point of around(callsOfDown)) killed.push(await isKilled(point, ...down));
    expect(killed).toEqual(killed.map(() => true));
    await scenario.isDestroyed();
  });
});
