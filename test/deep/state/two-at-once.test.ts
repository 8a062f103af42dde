import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { ObjectStore } from "../../../src/object-store/object-store";
import { oneOf, ovh } from "../../support/clouds";
import { type Running, User } from "../../support/command-line";
import { before, changeOf, until } from "../../support/recovery-scenario";
import { inTurn } from "../../support/rotation";
import type { Operation } from "../../../simulator/faults";
import { S3Server } from "../../support/s3-server";
import { keepInBucket } from "../../support/state-in-bucket";

// Each command is several runs of tofu.
jest.setTimeout(300_000);

/** When a run is killed: before or after a change is done. */
const moments = (["network", "server", "loadBalancer"] as const).flatMap((type) =>
  (["before", "after"] as const).map((moment) => ({ name: `${moment} ${type}`, moment, type })),
);

describe.each(oneOf(ovh))("two users on one cluster of $name, its state in a bucket:", (cloud) => {
  let server: S3Server;
  let user: User;
  let running: Running | undefined;
  /** What one `up` creates. */
  let expected: Record<string, number>;

  beforeAll(async () => {
    const another = await User.in(cloud);
    try {
      await another.done("up", "--yes");
      expected = await another.cloudObjects();
    } finally {
      await another.end();
    }
  });
  beforeEach(async () => {
    server = await S3Server.start();
    user = await User.in(cloud);
    keepInBucket(user, server);
    await user.done("state", "create");
  });
  afterEach(async () => {
    if (running?.isOver === false) running.child.kill("SIGKILL");
    await user.end();
    await server.end();
  });

  /** The other user's directory. */
  const other = () => join(user.home, "other");
  const second = (...args: string[]) => user.openaether(...args, "--dir", other());
  const both = () => {
    mkdirSync(other(), { recursive: true });
    const input = readFileSync(join(user.home, "tofu.tfvars.json"));
    writeFileSync(join(other(), "tofu.tfvars.json"), input);
  };
  const paused = async (
    moment: "before" | "after",
    command: readonly string[],
    operation: Operation = "create",
    type = cloud.types.loadBalancer,
  ) => {
    both();
    await user.faults({ kind: "pause", type, operation, moment });
    const event = moment === "after" ? "changeDone" : "changeStarted";
    const reached = changeOf(user, event, type, operation);
    running = user.start(command);
    await before(running, reached);
    return running;
  };
  const up = ["up", "--yes"];
  const down = ["down", "--name", "demo"];

  /** Kills a run in the other directory, with its tofu, when the bucket has its journal. */
  const killedThere = async (...started: Parameters<typeof paused>) => {
    const [moment, command, ...change] = started;
    const first = await paused(moment, [...command, "--dir", other()], ...change);
    const { tofu } = first;
    // The copy of its journal has what it did until a moment before.
    const journal = join(other(), ".openaether", "journal");
    const begun = () => readFileSync(journal, "utf8").includes('"apply_start"');
    await until(() => begun() && isCopied(journal), first);
    first.child.kill("SIGKILL");
    process.kill(tofu, "SIGKILL");
    await first.ended;
    await user.simulator.kill();
    await user.startSimulator();
  };

  /** Takes it over here, once tofu's lock is released as the message says. */
  const takenOver = async (...command: string[]) => {
    const refused = await user.openaether(...command);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining("not ended")]);
    const locked = await user.openaether(...command, "--take-over");
    const [, id = ""] = /force-unlock (\S+)/.exec(locked.errors) ?? [];
    user.tofu("force-unlock", "-force", id);
    const taken = await user.openaether(...command, "--take-over");
    expect(`${taken.code} ${taken.errors}`).toBe("0 ");
    return taken.output;
  };

  /** Whether the bucket's copy has all of the journal. */
  const isCopied = async (journal: string) => {
    const store = new ObjectStore(server.bucket(), server.environment);
    const copied = await store.writtenAt("openaether/demo.journal");
    const written = statSync(journal).mtimeMs;
    // S3 counts seconds: a copy of the same one may lack the end, and is followed by another.
    const isQuiet = Date.now() - written > 5000;
    return isQuiet && copied !== undefined && copied.getTime() > written - 1000;
  };

  test("while one applies, up and plan of the other are refused with who does since when, and nothing is created twice", async () => {
    const first = await paused("before", up);
    const refused = await second(...up);
    expect(refused.code).toBe(1);
    expect(refused.errors).toMatch(
      /\w+@\S+ began `up` on this cluster at 20\d\d-.*and it has not ended/,
    );
    expect(refused.errors).toContain("up --take-over");
    const plan = await second("plan");
    expect(plan.code).toBe(1);
    expect(plan.errors).toMatch(/Who: +\w+@/);
    expect(plan.errors).toMatch(/Created: +20\d\d-/);
    expect(plan.errors).toContain("force-unlock");
    await user.simulator.resume();
    const { code, errors } = await first.ended;
    expect(`${code} ${errors}`).toBe("0 ");
    expect(await user.cloudObjects()).toEqual(expected);
    expect((await second("up", "--yes")).code).toBe(0);
    expect(await user.cloudObjects()).toEqual(expected);
  });

  test.each(inTurn(moments, moments[5]!))(
    "an up and a down that were killed elsewhere, $name, are taken over on request, and nothing is created twice",
    async ({ moment, type: kind }) => {
      const type = cloud.types[kind];
      await killedThere(moment, up, "create", type);
      const output = await takenOver(...up);
      if (moment === "after") expect(output).toContain("created but did not save:");
      expect(await user.cloudObjects()).toEqual(expected);
      expect((await user.openaether("plan")).output).toContain("no changes");
      // The journal of the killed run is over, too.
      const again = await second("up", "--yes");
      expect(`${again.errors}${again.output}`).not.toContain("did not save");
      expect(again.code).toBe(0);
      expect(await user.cloudObjects()).toEqual(expected);

      // One that destroyed, too: what it had already deleted is not looked for.
      await killedThere(moment, down, "delete", type);
      expect(await takenOver(...down)).toContain("The state is empty.");
      expect(await user.cloudObjects()).toEqual({});
    },
  );
});
