import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { createOvh } from "../../clouds/ovh";
import { Engine } from "../cloud/engine";

jest.setTimeout(30_000);

function read(name: string): string {
  return readFileSync(join(__dirname, name), "utf8");
}

/** What provider 3.4.0 printed for recorded-refusals.tf on 2026-11-23. */
const recorded = JSON.parse(read("recorded-refusals.json")) as string[];

let engine: Engine;
let simulated: string[];

interface Validation {
  readonly diagnostics: readonly {
    readonly address?: string;
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
  }[];
}

beforeAll(async () => {
  engine = await Engine.start(createOvh, read("recorded-refusals.tf"));
  const output = await engine.tofu("validate", "-json").catch((error: unknown) => {
    return (error as { stdout: string }).stdout;
  });
  const { diagnostics } = JSON.parse(output) as Validation;
  simulated = diagnostics.map(({ address, severity, summary, detail }) =>
    [`${address}: ${severity}: ${summary}`, ...(detail === "" ? [] : [detail])].join(" | "),
  );
});

afterAll(() => {
  engine.close();
});

test.each(recorded)("validation on OVHcloud reports %s", (problem) => {
  expect(simulated).toContain(problem);
});

test("validation on OVHcloud reports nothing else", () => {
  expect([...simulated].sort()).toEqual([...recorded].sort());
});
