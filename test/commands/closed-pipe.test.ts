import { afterEach, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { RecoveryScenario } from "../support/recovery-scenario";

let scenario: RecoveryScenario;

afterEach(() => scenario.end());

test("a command whose output is not read any more, as in `up | head`, goes on and prints no stack trace", async () => {
  scenario = await RecoveryScenario.on(scaleway);
  const { user } = scenario;
  for (const args of [["up", "--yes"], ["status"], ["plan"]]) {
    const running = scenario.start(...args);
    running.child.stdout?.destroy();
    const { code, errors } = await running.ended;
    expect({ args, code, errors }).toEqual({ args, code: 0, errors: "" });
  }
  expect(user.stateList()).toContain("talos_machine_bootstrap.bootstrap");
});
