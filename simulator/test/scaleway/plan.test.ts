import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { createScaleway } from "../../clouds/scaleway";
import { Engine } from "../cloud/engine";

jest.setTimeout(30_000);

type Planned = Record<string, { after: unknown; unknown: unknown }>;

/** What provider 2.80.0 planned for recorded-plan.tf on 2026-11-23, with dummy credentials. */
const recorded = JSON.parse(readFileSync(join(__dirname, "recorded-plan.json"), "utf8")) as Planned;

let engine: Engine;
let simulated: Planned;

beforeAll(async () => {
  engine = await Engine.start(
    createScaleway,
    readFileSync(join(__dirname, "recorded-plan.tf"), "utf8"),
  );
  simulated = await engine.plannedValues();
});

afterAll(() => {
  engine.close();
});

test.each(Object.keys(recorded))(
  "%s on Scaleway is planned as the real provider plans it",
  (address) => {
    expect(simulated[address]).toEqual(recorded[address]);
  },
);
