import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { CloudName } from "../../../constructs/model/cluster-spec";
import { oneOf, scaleway } from "../../support/clouds";
import { procedures } from "./procedures";
import { SweptCluster } from "./sweep";

// A procedure is several runs on real programs.
jest.setTimeout(600_000);

/**
 * Of each cloud a procedure, and which of its moments are interrupted: all of them are
 * `npm run test:sweeps`'s.
 */
const chosen: Readonly<
  Record<CloudName, readonly [procedure: string, moments: readonly number[]]>
> = {
  scaleway: ["configuration with a reboot", [4, 13]],
  ovh: ["resize", [1, 2]],
  outscale: ["configuration", [2, 5]],
};

describe.each(oneOf(scaleway).map((cloud) => [cloud.name, cloud] as const))(
  "a change of a running cluster on %s",
  (name, cloud) => {
    const [title, moments] = chosen[name];
    let swept: SweptCluster;
    beforeAll(async () => {
      swept = await SweptCluster.create(cloud);
    });
    afterAll(() => swept.end());

    test(`${title}: up goes on after interruptions, and everything is as the file says`, async () => {
      const procedure = procedures.find((one) => one.name === title);
      if (procedure === undefined) throw new Error(`there is no procedure ${title}`);
      const isChosen = (index: number) => moments.includes(index);
      const { moments: made } = await swept.sweep(procedure, { offset: moments.length, isChosen });
      // How many moments a run has depends on what the interruptions before left to do.
      expect(made.length).toBeGreaterThan(0);
    });
  },
);
