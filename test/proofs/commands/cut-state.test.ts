import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { execSync } from "node:child_process";
import { existsSync, renameSync, statSync, truncateSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { truncatedStateIsRepaired } from "../../commands/truncated-state";
import { oneOf, outscale, ovh, scaleway } from "../../support/clouds";
import { before, changeOf, RecoveryScenario } from "../../support/recovery-scenario";

// Each is a whole lifecycle on the command line.
jest.setTimeout(240_000);

// One that is half there is in `npm test`.
truncatedStateIsRepaired(oneOf(ovh).map((cloud) => [`empty, on ${cloud.name}`, 0, cloud]));

describe("a state that was truncated while tofu wrote it", () => {
  let scenario: RecoveryScenario;
  afterEach(() => scenario.end());

  const state = () => join(scenario.user.home, "cluster.tfstate");

  test("is created again if it was written while keys were created", async () => {
    scenario = await RecoveryScenario.on(outscale);
    const { user: user } = scenario;
    await user.faults({ kind: "pause", type: "talos_machine_secrets" });
    const reached = changeOf(user, "changeStarted", "talos_machine_secrets");
    const up = scenario.start("up", "--yes");
    await before(up, reached);
    up.child.kill("SIGKILL");
    await up.ended;
    await user.simulator.kill();
    await user.startSimulator();
    user.write("cluster.tfstate", '{"version": 4, "serial"');
    expect((await user.openaether("plan")).errors).toContain("./openaether up");
    expect(await scenario.completes()).toContain("The last run had created keys only");
  });

  test("is never taken for an empty one, by any command", async () => {
    scenario = await RecoveryScenario.on(scaleway);
    const { user: user } = scenario;
    await scenario.baseline();
    for (const size of [0, 3000]) {
      truncateSync(state(), size);
      for (const command of [["plan"], ["status"], ["up"], ["down"], ["explain", "--state"]]) {
        const { code, output, errors } = await user.openaether(...command);
        expect([command, code, output]).toEqual([command, 1, ""]);
        expect(errors).toMatch(
          /^cluster\.tfstate (is empty|breaks off)[^]*cluster\.tfstate\.backup is whole: \d+ resources/,
        );
        expect(errors).toContain("cp cluster.tfstate.backup cluster.tfstate");
      }
      const { output } = await user.openaether("doctor", "--json");
      expect(output).toContain("cluster.tfstate.backup is whole");
    }

    renameSync(`${state()}.backup`, `${state()}.away`);
    const { errors } = await user.openaether("up", "--yes");
    expect(errors).toContain("There is no backup that is whole. Restore a copy that you kept.");
    expect(existsSync(state())).toBe(true);

    renameSync(`${state()}.away`, `${state()}.backup`);
    // Older than the last run: changes in between are in neither.
    const { mtime } = statSync(`${state()}.backup`);
    utimesSync(`${state()}.backup`, new Date(0), new Date(0));
    expect((await user.openaether("plan")).errors).not.toContain("journal.done");
    utimesSync(`${state()}.backup`, mtime, mtime);

    const { errors: words } = await user.openaether("plan");
    const lines = words.split("\n").filter((line) => line.startsWith("  "));
    expect(lines.map((line) => line.trim())).toEqual([
      "cp cluster.tfstate.backup cluster.tfstate",
      "mv .openaether/journal.done .openaether/journal",
      "./openaether up",
    ]);
    for (const line of lines.slice(0, -1)) execSync(line, { cwd: user.home });
    expect(await scenario.completes()).toContain("created but did not save:");
  });
});
