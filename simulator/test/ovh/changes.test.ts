import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { createOvh } from "../../clouds/ovh";
import { Engine } from "../cloud/engine";
import { CHANGES, changed } from "./changes";
import { cluster } from "./cluster";

jest.setTimeout(60_000);

/**
 * What provider 3.4.0 planned on 2026-11-23 for the same changes and a state that the simulator had
 * written, without calling any API (-refresh=false).
 */
const recorded = JSON.parse(
  readFileSync(join(__dirname, "recorded-changes.json"), "utf8"),
) as Record<string, Record<string, string>>;

let engine: Engine;

beforeAll(async () => {
  engine = await Engine.start(createOvh, cluster());
  await engine.apply();
});

afterAll(() => {
  engine.close();
});

test.each(Object.keys(CHANGES))(
  "%s on OVHcloud is planned as the real provider plans it",
  async (what) => {
    engine.write(changed(cluster(), what));
    expect(await engine.plan("-refresh=false")).toEqual(recorded[what]);
  },
);
