import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { CloudName } from "../../../constructs/model/cluster-spec";
import type { TestCloud } from "../../support/clouds";
import { proceduresOf } from "./procedures";
import { SweptCluster } from "./sweep";

/** One of so many moments is interrupted: all of them are the command's, `npm run test:sweeps`. */
const every = 16;
/** The procedures of which each cloud has some here. */
const chosen: Readonly<Record<CloudName, readonly string[]>> = {
  scaleway: ["Talos"],
  ovh: ["configuration with a reboot"],
  outscale: ["replace"],
};

/** Some procedures of a cloud, interrupted at some of their moments: always the same ones. */
export function rotationOn(cloud: TestCloud): void {
  // A procedure is several runs on real programs.
  jest.setTimeout(600_000);
  const own = proceduresOf(cloud).filter(({ name }) => chosen[cloud.name].includes(name));

  describe(`changes of a running cluster on ${cloud.name} that are interrupted`, () => {
    let swept: SweptCluster;
    beforeAll(async () => {
      swept = await SweptCluster.create(cloud);
    });
    afterAll(() => swept.end());

    test.each(own.map((procedure) => [procedure.name, procedure] as const))(
      "%s: up goes on, and everything is as the file says",
      async (name, procedure) => {
        const first = hash(`${cloud.name} ${name}`) % every;
        const { moments } = await swept.sweep(procedure, { offset: first, every, first });
        expect(moments).not.toEqual([]);
      },
    );
  });
}

function hash(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}
