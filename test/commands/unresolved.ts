import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { RecoveryScenario } from "../support/recovery-scenario";

/** No data source of the provider lists it. */
export const unlisted = "scaleway_instance_ip.bastion";

/** @param moment Whether the cloud has created it. @default - it has not */
export async function killedAtUnlisted(moment?: "after"): Promise<RecoveryScenario> {
  const scenario = await RecoveryScenario.on(scaleway);
  const held = { address: unlisted, ...(moment ? { moment } : {}) };
  await scenario.kill(await scenario.paused("up", held));
  return scenario;
}

/** After a kill whose result no look-up can tell. */
export function whatIsNotThereIsNotAskedForAgain(): void {
  // Several lifecycles on the command line.
  jest.setTimeout(240_000);

  describe("a possible orphan that no look-up can identify", () => {
    let scenario: RecoveryScenario;
    afterEach(() => scenario.end());

    test("is dropped when the user confirms that it does not exist", async () => {
      scenario = await killedAtUnlisted();
      const { errors } = await scenario.user.openaether("up", "--yes");
      expect(errors).toContain("POSSIBLE ORPHAN");
      await scenario.completes("--adopt", `${unlisted}=none`);
    });
  });
}
