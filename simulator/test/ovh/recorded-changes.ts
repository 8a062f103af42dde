import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { createOvh } from "../../clouds/ovh";
import { Engine } from "../cloud/engine";
import { changed } from "./changes";
import { cluster } from "./cluster";

/**
 * What provider 3.4.0 planned on 2026-11-23 for the same changes and a state that the simulator had
 * written, without calling any API (-refresh=false).
 */
const recorded = JSON.parse(
  readFileSync(join(__dirname, "recorded-changes.json"), "utf8"),
) as Record<string, Record<string, string>>;

/** Plans each of these changes of the cluster, and holds it against what was recorded. */
export function plannedAsRecorded(names: readonly string[]): void {
  jest.setTimeout(60_000);

  let engine: Engine;

  beforeAll(async () => {
    engine = await Engine.start(createOvh, cluster());
    await engine.apply();
  });

  afterAll(() => {
    engine.close();
  });

  test.each(names)("%s on OVHcloud is planned as the real provider plans it", async (what) => {
    engine.write(changed(cluster(), what));
    expect(await engine.plan("-refresh=false")).toEqual(recorded[what]);
  });
}
