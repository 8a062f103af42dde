import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { scaleway } from "../support/clouds";
import { filesWithKeys, keysIn } from "../support/keys";
import { RecoveryScenario } from "../support/recovery-scenario";

/** Where a user expects the cluster's keys. */
const expected = /^(cluster\.tfstate|kubeconfig|talosconfig)/;

/** What is searched during one lifecycle: keys of every state that existed. */
export class KeySearch {
  private readonly keys = new Set<string>();

  constructor(private readonly scenario: RecoveryScenario) {}

  get count(): number {
    return this.keys.size;
  }

  /** Files with one of them where no user expects it; the simulated cloud has its own. */
  elsewhere(): string[] {
    const { user } = this.scenario;
    const names = readdirSync(user.home).filter((one) => one.startsWith("cluster.tfstate"));
    for (const name of names) {
      try {
        for (const key of keysIn(user.read(name))) this.keys.add(key);
      } catch {
        continue; // empty, or partly written
      }
    }
    const found = filesWithKeys(user.home, [...this.keys]);
    expect(found.some((name) => name.startsWith("cluster.tfstate"))).toBe(true);
    return found.filter((name) => !expected.test(name) && !name.startsWith("cloud/"));
  }
}

/** A lifecycle without a fault. */
export function keysAreLeftNowhereElse(): void {
  // Runs a command several times.
  jest.setTimeout(240_000);

  describe("keys of the cluster", () => {
    let scenario: RecoveryScenario;
    afterEach(() => scenario.end());

    test("after up, plan and down are only in the state, kubeconfig and talosconfig", async () => {
      scenario = await RecoveryScenario.on(scaleway);
      const keys = new KeySearch(scenario);
      const { user } = scenario;
      await scenario.baseline();
      expect(keys.elsewhere()).toEqual([]);
      expect(keys.count).toBeGreaterThan(8);
      user.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
      await user.openaether("plan");
      expect(keys.elsewhere()).toEqual([]);
      await user.done("up", "--yes");
      await user.openaether("doctor");
      expect(keys.elsewhere()).toEqual([]);

      user.write(join("cdktf.out", "stacks", "demo", "plan"), "");
      const output = await user.done("down", "--name", "demo");
      expect(output).toContain(
        "Keys of the cluster are still in: cluster.tfstate.backup, cdktf.out/stacks/demo/plan",
      );
      expect(keys.elsewhere()).toEqual([]);
    });
  });
}
