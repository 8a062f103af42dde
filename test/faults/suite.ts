import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type CloudName, cloudNames } from "../../constructs/model/cluster-spec";
import { everyChange, everyCreationAndDestruction, type Extent } from "./extent";
import { type Kind, killsOf, kindsOf, turned } from "./kinds";
import { Scenario } from "./scenario";
import { operationsOf } from "./operations";
import { type Case, cloudNamed, missed, only, sweep, type Baseline, baseline } from "./sweep";

// A sweep is as many runs as its graph is deep, and a killed run is followed by imports.
jest.setTimeout(900_000);

/** The faults that have occurred by the end. */
interface Occurrences {
  /** Kinds of fault, by name. */
  readonly kinds: Set<string>;
  /** How often a tunnel was cut. */
  tunnels: number;
}

/** All kinds of fault on one cloud, in turn. */
export function faultsOn(name: CloudName, extent: Extent): Readonly<Occurrences> {
  const occurrences = sweeping(name, "fault", extent, kindsOf(cloudNamed(name)));
  if (extent === everyChange) {
    test(`on ${name}, the tunnel was cut, too`, () => {
      expect(occurrences.tunnels).toBeGreaterThan(0);
    });
  }
  return occurrences;
}

/** A kill at every change of up and of down. */
export function killsOn(name: CloudName): void {
  sweeping(name, "kill", everyCreationAndDestruction, killsOf(cloudNamed(name)));
}

function sweeping(
  name: CloudName,
  what: string,
  extent: Extent,
  kinds: readonly Kind[],
): Occurrences {
  const cloud = cloudNamed(name);
  const index = cloudNames.indexOf(name);
  const operations = operationsOf(cloud)
    .map((operation, step) => ({ ...operation, step }))
    .filter((operation) => extent.operations?.includes(operation.name) ?? true);
  const types = extent.types?.(cloud);
  const occurrences: Occurrences = { kinds: new Set(), tunnels: 0 };

  describe(`on ${name}, where each change has one ${what},`, () => {
    let scenario: Scenario;
    let steps: Map<string, Baseline>;
    let total = 0;
    const recovered: Case[] = [];

    beforeAll(async () => {
      steps = await baseline(cloud, operations);
      scenario = await Scenario.on(cloud, cloud.single);
    });
    afterAll(async () => {
      occurrences.tunnels = scenario.tunnel.count;
      process.stdout.write(
        `${name}: ${recovered.length} of ${total} recovered: ` +
          `${occurrences.kinds.size} kinds of ${what}, and the tunnel cut ${occurrences.tunnels} times\n`,
      );
      await scenario.end();
    });

    test.each(operations)(
      "recovery is what the message says in every run of: $name",
      async (operation) => {
        const baseline = steps.get(operation.name);
        if (baseline === undefined) throw new Error(`${operation.name} was not seen`);
        const part = types === undefined ? baseline : only(baseline, types);
        // An offset that another cloud and another operation do not have.
        const offset = 3 * index + 2 * operation.step;
        const cases = await sweep(scenario, operation, part, turned(kinds, offset));
        total += cases.length;
        for (const { fault } of cases) occurrences.kinds.add(fault);
        expect(missed(cases, part)).toEqual([]);
        expect(await scenario.user.cloudObjects()).toEqual(baseline.objects);
        expect(await scenario.changesPlanned(operation.intentOf(scenario))).toEqual([]);
        expect(await scenario.bootstraps()).toBe(1);
        recovered.push(...cases);
      },
    );

    test("every run has recovered", () => {
      expect(total).toBeGreaterThan(0);
      expect(recovered).toHaveLength(total);
    });

    if (types === undefined) {
      test(`every kind of ${what} has occurred`, () => {
        expect(occurrences.kinds).toEqual(new Set(kinds.map((kind) => kind.name)));
      });
    }
  });
  return occurrences;
}
