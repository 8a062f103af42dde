import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { createOutscale } from "../../clouds/outscale";
import { Engine } from "../cloud/engine";

jest.setTimeout(30_000);

function read(file: string): string {
  return readFileSync(join(__dirname, file), "utf8");
}

function recorded(file: string): Record<string, unknown> {
  return JSON.parse(read(file)) as Record<string, unknown>;
}

let engine: Engine;
let simulated: Record<string, unknown>;

afterAll(() => {
  engine.close();
});

describe("an Outscale resource's creation is planned as the real provider plans it", () => {
  /** What provider 1.8.0 planned for recorded-plan.tf on 2026-11-23, with dummy credentials. */
  const real = recorded("recorded-plan.json");

  beforeAll(async () => {
    engine = await Engine.start(createOutscale, read("recorded-plan.tf"));
    simulated = await engine.plannedValues();
    engine.close();
  });

  test.each(Object.keys(real))("%s", (address) => {
    expect(simulated[address]).toEqual(real[address]);
  });
});

describe("an Outscale resource's update is planned as the real provider plans it", () => {
  /**
   * What provider 1.8.0 planned on 2026-11-23 for edition "2" of recorded-update.tf, from a state
   * of edition "1" that this simulator had written (without refreshing, hence without an API).
   */
  const real = recorded("recorded-update.json");

  beforeAll(async () => {
    const first = read("recorded-update.tf");
    const images = [{ name: "talos", id: "ami-12345678" }];
    engine = await Engine.start(createOutscale, first, { images });
    await engine.apply();
    engine.write(first.replace('edition = "1"\n', 'edition = "2"\n'));
    simulated = await engine.plannedChanges();
  });

  test.each(Object.keys(real))("%s", (address) => {
    expect(simulated[address]).toEqual(real[address]);
  });
});
