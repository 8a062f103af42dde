import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type CloudName, cloudNames } from "../../constructs/model/cluster-spec";
import { everyChange, everyChangeOfAShortLife, type Extent } from "./extent";
import { type Kind, killsOf, kindsOf, turned } from "./kinds";
import { Scenario } from "./scenario";
import { operationsOf } from "./operations";
import { type Case, cloudNamed, missed, only, sweep, type Undisturbed, undisturbed } from "./sweep";

// A sweep is as many runs as its graph is deep, and a killed run is followed by imports.
jest.setTimeout(900_000);

/** The faults that have occurred by the end. */
interface Struck {
  /** Kinds of fault, by name. */
  readonly kinds: Set<string>;
  /** How often a tunnel was cut. */
  tunnels: number;
}

/** All kinds of fault on one cloud, in turn. */
export function faultsOn(name: CloudName, extent: Extent): Readonly<Struck> {
  const struck = sweeping(name, "fault", extent, kindsOf(cloudNamed(name)));
  if (extent === everyChange) {
    test(`on ${name}, the tunnel was cut, too`, () => {
      expect(struck.tunnels).toBeGreaterThan(0);
    });
  }
  return struck;
}

/** A kill at every change of up and of down. */
export function killsOn(name: CloudName): void {
  sweeping(name, "kill", everyChangeOfAShortLife, killsOf(cloudNamed(name)));
}

function sweeping(name: CloudName, what: string, extent: Extent, kinds: readonly Kind[]): Struck {
  const cloud = cloudNamed(name);
  const index = cloudNames.indexOf(name);
  const operations = operationsOf(cloud)
    .map((operation, step) => ({ ...operation, step }))
    .filter((operation) => extent.operations?.includes(operation.name) ?? true);
  const types = extent.types?.(cloud);
  const struck: Struck = { kinds: new Set(), tunnels: 0 };

  describe(`on ${name}, where each change has one ${what},`, () => {
    let life: Scenario;
    let steps: Map<string, Undisturbed>;
    let met = 0;
    const recovered: Case[] = [];

    beforeAll(async () => {
      steps = await undisturbed(cloud, operations);
      life = await Scenario.on(cloud, cloud.single);
    });
    afterAll(async () => {
      struck.tunnels = life.tunnel.count;
      process.stdout.write(
        `${name}: ${recovered.length} of ${met} recovered: ` +
          `${struck.kinds.size} kinds of ${what}, and the tunnel cut ${struck.tunnels} times\n`,
      );
      await life.end();
    });

    test.each(operations)(
      "recovery is what the message says in every run of: $name",
      async (operation) => {
        const whole = steps.get(operation.name);
        if (whole === undefined) throw new Error(`${operation.name} was not seen`);
        const part = types === undefined ? whole : only(whole, types);
        // An offset that another cloud and another operation do not have.
        const offset = 3 * index + 2 * operation.step;
        const cases = await sweep(life, operation, part, turned(kinds, offset));
        met += cases.length;
        for (const { fault } of cases) struck.kinds.add(fault);
        expect(missed(cases, part)).toEqual([]);
        expect(await life.person.cloudObjects()).toEqual(whole.objects);
        expect(await life.changesPlanned(operation.wish(life))).toEqual([]);
        expect(life.bootstraps).toBe(1);
        recovered.push(...cases);
      },
    );

    test("every run has recovered", () => {
      expect(met).toBeGreaterThan(0);
      expect(recovered).toHaveLength(met);
    });

    if (types === undefined) {
      test(`every kind of ${what} has occurred`, () => {
        expect(struck.kinds).toEqual(new Set(kinds.map((kind) => kind.name)));
      });
    }
  });
  return struck;
}
