import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { copyFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { TestCloud } from "../support/clouds";
import { RecoveryScenario } from "../support/recovery-scenario";

/** Its title, how many bytes are left of it, and the cloud. */
export type TruncatedState = readonly [name: string, size: number, cloud: TestCloud];

/** Kills up and down while they write the state, and runs them again. */
export function truncatedStateIsRepaired(cases: readonly TruncatedState[]): void {
  // Each is a whole lifecycle on the command line.
  jest.setTimeout(240_000);

  describe("a state that was truncated while tofu wrote it", () => {
    let scenario: RecoveryScenario;
    afterEach(() => scenario.end());

    /** The states of tofu's writing: it copies the previous state, and then writes in place. */
    const cutOff = (size: number) => {
      const state = join(scenario.user.home, "cluster.tfstate");
      copyFileSync(state, `${state}.backup`);
      truncateSync(state, size);
    };

    test.each(cases)("is restored by up and down: %s", async (_name, size, cloud) => {
      scenario = await RecoveryScenario.on(cloud);
      const { user } = scenario;
      const address = `${cloud.types.loadBalancer}.api`;
      await scenario.kill(await scenario.paused("up", { address }));
      cutOff(size);
      const { errors, code } = await user.openaether("plan");
      expect([code, errors]).toEqual([1, expect.stringContaining("./openaether up")]);

      const reported = await scenario.completes();
      expect(reported).toMatch(/^cluster\.tfstate (is empty|breaks off): tofu was killed/m);
      expect(reported).toContain("created but did not save:");
      expect(user.mode("cluster.tfstate")).toBe("600");

      await scenario.kill(await scenario.paused("down", { address }));
      cutOff(size);
      await scenario.isDestroyed();
    });
  });
}
