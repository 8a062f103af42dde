import { afterEach, describe, expect, test } from "@jest/globals";
import { readEvents } from "../../../src/tofu/events";
import { oneOf, outscale } from "../../support/clouds";
import { TestCluster } from "../../support/cluster";

describe.each(oneOf(outscale))("plain tofu on $name:", (cloud) => {
  let cluster: TestCluster;

  afterEach(() => cluster.end());

  let expected: Promise<Record<string, number>> | undefined;

  /** The objects of a whole cluster of one node in the cloud; counted once, in an apply of its own. */
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

  /** Runs tofu, and sends it a signal during a change of the cloud. */
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
    // tofu stops its providers, which ends the pause; the change is done all the same.
    return running;
  }

  // Every other change has them in test/faults.
  test("SIGINT during apply and SIGTERM during destroy lose nothing: a second run completes", async () => {
    cluster = await TestCluster.create(cloud, cloud.single);
    await cluster.init();
    await interrupted("SIGINT", { type: cloud.types.loadBalancer }, () => cluster.apply());
    expect(Object.keys(await cluster.cloudObjects())).not.toHaveLength(0);
    await cluster.applied();
    expect(await cluster.planned()).toEqual([]);
    expect(await cluster.cloudObjects()).toEqual(await whole());

    await interrupted("SIGTERM", { number: 12 }, () => cluster.destroy());
    expect(Object.keys(await cluster.cloudObjects())).not.toHaveLength(0);
    await cluster.destroyed();
    expect(await cluster.cloudObjects()).toEqual({});
    expect(await cluster.stateList()).toEqual([]);
  });

  test("an error of the last rule that closes the API is reported with its message, and a second run completes", async () => {
    const message = "http error 502 Bad Gateway";
    cluster = await TestCluster.create(cloud, cloud.single);
    await cluster.init();
    await cluster.faults({ kind: "error", type: cloud.lastRule, message });
    const { errors } = readEvents((await cluster.apply()).output);
    expect(errors.map(({ summary, detail }) => `${summary} ${detail}`).join("\n")).toContain(
      message,
    );

    await cluster.applied();
    expect(await cluster.planned()).toEqual([]);
    await cluster.destroyed();
    expect(await cluster.cloudObjects()).toEqual({});
  });

  test("the simulated cloud survives its restart during a cluster's lifecycle", async () => {
    cluster = await TestCluster.create(cloud, cloud.single);
    await cluster.up();
    await cluster.simulator.kill();
    await cluster.startSimulator();
    expect(await cluster.planned()).toEqual([]);
    await cluster.destroyed();
    expect(await cluster.cloudObjects()).toEqual({});
  });
});
