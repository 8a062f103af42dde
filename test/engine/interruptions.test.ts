import { afterEach, describe, expect, test } from "@jest/globals";
import { readEvents } from "../../src/tofu/events";
import { testClouds } from "../support/clouds";
import { TestCluster } from "../support/cluster";

describe.each(testClouds)("$name:", (cloud) => {
  let cluster: TestCluster;

  afterEach(() => cluster.end());

  let expected: Promise<Record<string, number>> | undefined;

  /** What a whole cluster of one node is, in objects of the cloud; seen once, in an apply of its own. */
  function whole(): Promise<Record<string, number>> {
    expected ??= (async () => {
      const complete = await TestCluster.create(cloud, cloud.single);
      try {
        await complete.init();
        await complete.apply();
        return await complete.cloudObjects();
      } finally {
        await complete.end();
      }
    })();
    return expected;
  }

  /** Runs tofu, and sends it a signal while a change of the cloud is under way. */
  async function interrupted(
    signal: NodeJS.Signals,
    at: { readonly number: number } | { readonly type: string },
    run: () => Promise<unknown>,
  ) {
    await cluster.faults({ kind: "pause", ...("type" in at ? at : { at: at.number }) });
    const started = cluster.simulator.next("changeStarted", at);
    const running = run();
    await started;
    if (cluster.tofuProcess !== undefined) process.kill(cluster.tofuProcess, signal);
    // tofu tells its providers to stop, which ends the pause; the change is done all the same.
    return running;
  }

  const [early, midway, late] = cloud.interruptedAt;
  describe.each([
    ["SIGINT", early],
    ["SIGINT", late],
    ["SIGTERM", midway],
  ] as const)("%s in an apply, while %s is made", (signal, type) => {
    test("loses nothing: a plain re-run finishes, and destroy leaves nothing", async () => {
      cluster = await TestCluster.create(cloud, cloud.single);
      await cluster.init();
      await interrupted(signal, { type }, () => cluster.apply());
      expect(Object.keys(await cluster.cloudObjects())).not.toHaveLength(0);

      await cluster.applied();
      expect(await cluster.planned()).toEqual([]);
      expect(await cluster.cloudObjects()).toEqual(await whole());

      await cluster.destroyed();
      expect(await cluster.cloudObjects()).toEqual({});
      expect(await cluster.stateList()).toEqual([]);
    });
  });

  test.each([
    ["SIGINT", 3],
    ["SIGTERM", 12],
  ] as const)("%s in change %i of a destroy: a plain re-run finishes it", async (signal, at) => {
    cluster = await TestCluster.create(cloud, cloud.single);
    await cluster.up();
    await interrupted(signal, { number: at }, () => cluster.destroy());
    expect(Object.keys(await cluster.cloudObjects())).not.toHaveLength(0);

    await cluster.destroyed();
    expect(await cluster.cloudObjects()).toEqual({});
    expect(await cluster.stateList()).toEqual([]);
  });

  test.each([
    ["an API error", { kind: "error", at: 13, message: "http error 500 Internal Server Error" }],
    [
      "an error of the last rule that keeps the API closed",
      { kind: "error", type: cloud.lastRule, message: "http error 502 Bad Gateway" },
    ],
  ] as const)("%s in an apply: its words are told, and a re-run finishes", async (_name, fault) => {
    cluster = await TestCluster.create(cloud, cloud.single);
    await cluster.init();
    await cluster.faults(fault);
    const { errors } = readEvents((await cluster.apply()).output);
    expect(errors.map(({ summary, detail }) => `${summary} ${detail}`).join("\n")).toContain(
      fault.message,
    );

    await cluster.applied();
    expect(await cluster.planned()).toEqual([]);
    await cluster.destroyed();
    expect(await cluster.cloudObjects()).toEqual({});
  });

  test("the cloud survives its own restart in the middle of a life", async () => {
    cluster = await TestCluster.create(cloud, cloud.single);
    await cluster.up();
    await cluster.simulator.kill();
    await cluster.startSimulator();
    expect(await cluster.planned()).toEqual([]);
    await cluster.destroyed();
    expect(await cluster.cloudObjects()).toEqual({});
  });
});
