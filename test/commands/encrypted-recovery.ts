import { afterEach, describe, expect, jest, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { keysIn } from "../support/keys";
import { RecoveryScenario } from "../support/recovery-scenario";
import { passphrase } from "../support/state-in-bucket";
import { filesInClear } from "./state";

const clientFiles = /^(kubeconfig|talosconfig)/;

/** Kills `up` and `down` in the middle, with an encrypted state. */
export function encryptedStateIsRecoveredOn(cloud: TestCloud): void {
  jest.setTimeout(300_000);

  describe(`with an encrypted state on ${cloud.name}`, () => {
    let scenario: RecoveryScenario;
    afterEach(() => scenario.end());

    test("a killed up and a killed down are finished by another one, and no key was ever in clear", async () => {
      scenario = await RecoveryScenario.on(cloud);
      const { user } = scenario;
      // What a run without faults creates does not depend on the encryption.
      await scenario.expected();
      user.edit({ state: { encryption: "passphrase" } });
      user.passphrase = passphrase;
      const address = `${cloud.types.loadBalancer}.api`;
      await scenario.kill(await scenario.paused("up", { address }));
      const keys = keysIn(user.tofu("state", "pull"));
      expect(keys.length).toBeGreaterThan(5);
      const inClear = () =>
        filesInClear(user, [...keys, passphrase]).filter((file) => !clientFiles.test(file));
      expect(inClear()).toEqual([]);
      expect(await scenario.completes()).toContain("created but did not save:");
      expect(inClear()).toEqual([]);
      await scenario.kill(await scenario.paused("down", { address }));
      expect(inClear()).toEqual([]);
      await scenario.isDestroyed();
      expect(inClear()).toEqual([]);
    });
  });
}
