import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type CloudName, cloudNames } from "../../constructs/model/cluster-spec";
import { type Kind, killsOf, kindsOf, turned } from "./kinds";
import { Life } from "./life";
import { type Operation, operationsOf } from "./operations";
import { type Case, cloudNamed, missed, sweep, type Undisturbed, undisturbed } from "./sweep";

// A sweep is as many runs as its graph is deep, and a killed run's end is imports.
jest.setTimeout(900_000);

/** All kinds of fault on one cloud, in a file of its own so that clouds run beside each other. */
export function faultsOn(name: CloudName): void {
  const cloud = cloudNamed(name);
  const life = sweeping(name, "one fault", operationsOf(cloud), kindsOf(cloud));
  test("the tunnel was cut, too", () => {
    expect(life().tunnel.count).toBeGreaterThan(0);
  });
}

/** A kill at every step of up and of down. */
export function killsOn(name: CloudName): void {
  const cloud = cloudNamed(name);
  const operations = operationsOf(cloud).filter(({ name }) => ["apply", "destroy"].includes(name));
  sweeping(name, "one kill", operations, killsOf(cloud));
}

function sweeping(
  name: CloudName,
  what: string,
  operations: readonly Operation[],
  kinds: readonly Kind[],
): () => Life {
  const cloud = cloudNamed(name);
  const index = cloudNames.indexOf(name);
  let life: Life;
  let steps: Map<string, Undisturbed>;
  const struck: Case[] = [];
  const recovered: Case[] = [];

  beforeAll(async () => {
    steps = await undisturbed(cloud, operations);
    life = await Life.on(cloud, cloud.single);
  });
  afterAll(async () => {
    const met = new Set(struck.map(({ fault }) => fault)).size;
    process.stdout.write(
      `${name}: ${recovered.length} of ${struck.length} recovered: ` +
        `${met} kinds of fault, and the tunnel cut ${life.tunnel.count} times\n`,
    );
    await life.end();
  });

  describe(`on ${name}, every change meets ${what}, and what the message says is the way back:`, () => {
    test.each(operations.map((operation, step) => ({ operation, step })))(
      "$operation.name",
      async ({ operation, step }) => {
        const whole = steps.get(operation.name);
        if (whole === undefined) throw new Error(`${operation.name} was not seen`);
        // A seed that another cloud and another operation do not have.
        const cases = await sweep(life, operation, whole, turned(kinds, 3 * index + 2 * step));
        struck.push(...cases);
        expect(missed(cases, whole)).toEqual([]);
        expect(await life.person.cloudObjects()).toEqual(whole.objects);
        expect(await life.changesPlanned(operation.wish(life))).toEqual([]);
        expect(life.bootstraps).toBe(1);
        recovered.push(...cases);
      },
    );

    test("every kind has struck, and all were recovered from", () => {
      expect(new Set(struck.map(({ fault }) => fault))).toEqual(
        new Set(kinds.map((kind) => kind.name)),
      );
      expect(recovered).toHaveLength(struck.length);
    });
  });
  return () => life;
}
