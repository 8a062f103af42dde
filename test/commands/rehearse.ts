import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { cloudInfo } from "../../providers/info";
import { Checkout } from "../support/checkout";
import type { TestCloud } from "../support/clouds";

const steps = ["synth", "init", "plan", "apply", "bootstrap", "plan again", "destroy"];

/** What a successful rehearsal prints. */
export function expectWhole(output: string, title: string, resources: number): void {
  const done = [...output.matchAll(/^ {2}✓ (plan again|\S+)/gm)].map(([, step]) => step);
  expect(done).toEqual(steps);
  expect(output).toContain(`simulated ${title} · nothing real is touched`);
  expect(output).toContain(`${resources} of ${resources}, nothing left`);
}

/** Rehearses the examples of these clouds, in a checkout. */
export function exampleIsRehearsed(clouds: readonly TestCloud[]): void {
  describe("rehearse in one command", () => {
    let checkout: Checkout;

    beforeAll(() => {
      checkout = new Checkout();
    });
    afterAll(() => {
      checkout.remove();
    });

    test.each(clouds)("runs the example of $name", async ({ name }) => {
      const { code, output } = await checkout.run(`npm start -- --cloud ${name}`);
      expectWhole(output, cloudInfo[name].title, 48);
      expect(code).toBe(0);
    });
  });
}
