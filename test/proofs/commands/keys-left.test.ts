import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { KeySearch } from "../../commands/keys-left";
import { outscale } from "../../support/clouds";
import { before, changeOf, RecoveryScenario, until } from "../../support/recovery-scenario";

// Each is several lifecycles on the command line.
jest.setTimeout(240_000);

// A lifecycle without a kill is in `npm test`.
describe("keys of the cluster", () => {
  let scenario: RecoveryScenario;
  afterEach(() => scenario.end());

  test("after kill -9 at any step and the next run are nowhere else", async () => {
    scenario = await RecoveryScenario.on(outscale);
    const keys = new KeySearch(scenario);
    const { user } = scenario;
    const steps = [
      "outscale_internet_service_link.internet",
      "outscale_load_balancer.api",
      "talos_machine_bootstrap.bootstrap",
    ];
    for (const address of steps) {
      await scenario.kill(await scenario.paused("up", { address }));
      await user.openaether("plan");
      expect([address, ...keys.elsewhere()]).toEqual([address]);
    }

    // While it resumes, the directory of the run is there.
    const up = scenario.start("up", "--yes");
    const memory = join(user.home, ".openaether");
    const runs = () => readdirSync(memory).filter((name) => name.startsWith("run-"));
    await until(() => runs().length > 0, up);
    up.child.kill("SIGKILL");
    await up.ended;
    await user.openaether("plan");
    expect(keys.elsewhere()).toEqual([]);
    expect(runs()).toEqual([]);

    await user.faults({ kind: "pause", type: "outscale_net", operation: "delete" });
    await user.done("up", "--yes");
    const reached = changeOf(user, "changeStarted", "outscale_net", "delete");
    const down = scenario.start("down", "--name", "demo");
    await before(down, reached);
    await scenario.kill(down);
    await scenario.isDestroyed();
    expect(keys.elsewhere()).toEqual([]);
  });
});
