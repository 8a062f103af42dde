import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type CloudName, cloudNames } from "../../constructs/cluster";
import { kindsOf } from "./kinds";
import { Life } from "./life";
import { operationsOf } from "./operations";
import { type Case, cloudNamed, missed, sweep, undisturbed } from "./sweep";

/** The faults of one cloud, in a file of its own so that clouds run beside each other. */
export function faultsOn(name: CloudName): void {
  const cloud = cloudNamed(name);
  const index = cloudNames.indexOf(name);

  // A sweep is as many runs as its graph is deep, and a killed run's end is imports.
  jest.setTimeout(900_000);

  describe(`on ${name}, every change meets one fault, and what the message says is the way back:`, () => {
    let life: Life;
    const struck: Case[] = [];
    const recovered: Case[] = [];

    beforeAll(async () => {
      life = await Life.on(cloud, cloud.single);
    });
    afterAll(async () => {
      const kinds = new Set(struck.map(({ fault }) => fault)).size;
      process.stdout.write(
        `${name}: ${recovered.length} of ${struck.length} recovered: ` +
          `${kinds} kinds of fault, and the tunnel cut ${life.cuts} times\n`,
      );
      await life.end();
    });

    test.each(operationsOf(cloud).map((operation, step) => ({ operation, step })))(
      "$operation.name",
      async ({ operation, step }) => {
        const whole = (await undisturbed(cloud)).get(operation.name);
        if (whole === undefined) throw new Error(`${operation.name} was not seen`);
        // A seed that another cloud and another operation do not have.
        const cases = await sweep(life, operation, whole, 3 * index + 2 * step);
        struck.push(...cases);
        expect(missed(cases, whole)).toEqual([]);
        expect(await life.person.cloudObjects()).toEqual(whole.objects);
        expect(await life.changesPlanned(operation.wish(life))).toEqual([]);
        expect(life.bootstraps).toBe(1);
        recovered.push(...cases);
      },
    );

    test("every kind of fault has struck, the tunnel was cut, and all were recovered from", () => {
      const kinds = kindsOf(cloud).map(({ name }) => name);
      expect(new Set(struck.map(({ fault }) => fault))).toEqual(new Set(kinds));
      expect(life.cuts).toBeGreaterThan(0);
      expect(recovered).toHaveLength(struck.length);
    });
  });
}
