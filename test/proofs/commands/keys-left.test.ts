import { afterEach, expect, jest, test } from "@jest/globals";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { outscale, scaleway } from "../../support/clouds";
import { filesWithKeys, keysIn } from "../../support/keys";
import { before, changeOf, RecoveryScenario, until } from "../../support/recovery-scenario";

// Each is several lifecycles on the command line.
jest.setTimeout(240_000);

let scenario: RecoveryScenario;
afterEach(() => scenario.end());

/** Where a user expects the cluster's keys. */
const expected = /^(cluster\.tfstate|kubeconfig|talosconfig)/;

const keys = new Set<string>();
afterEach(() => {
  keys.clear();
});

/** Other files with keys of any state that existed; the simulated cloud has its own. */
function elsewhere(): string[] {
  const { user: user } = scenario;
  for (const name of readdirSync(user.home).filter((one) => one.startsWith("cluster.tfstate"))) {
    try {
      for (const key of keysIn(user.read(name))) keys.add(key);
    } catch {
      continue; // empty, or partly written
    }
  }
  const found = filesWithKeys(user.home, [...keys]);
  expect(found.some((name) => name.startsWith("cluster.tfstate"))).toBe(true);
  return found.filter((name) => !expected.test(name) && !name.startsWith("cloud/"));
}

test("after up, plan and down, keys of the cluster are only in the state, kubeconfig and talosconfig", async () => {
  scenario = await RecoveryScenario.on(scaleway);
  const { user: user } = scenario;
  await scenario.baseline();
  expect(elsewhere()).toEqual([]);
  expect(keys.size).toBeGreaterThan(8);
  user.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
  await user.openaether("plan");
  expect(elsewhere()).toEqual([]);
  await user.done("up", "--yes");
  await user.openaether("doctor");
  expect(elsewhere()).toEqual([]);

  user.write(join("cdktf.out", "stacks", "demo", "plan"), "");
  const output = await user.done("down", "--name", "demo");
  expect(output).toContain(
    "Keys of the cluster are still in: cluster.tfstate.backup, cdktf.out/stacks/demo/plan",
  );
  expect(elsewhere()).toEqual([]);
});

test("after kill -9 at any step and the next run, keys of the cluster are nowhere else", async () => {
  scenario = await RecoveryScenario.on(outscale);
  const { user: user } = scenario;
  const steps = [
    "outscale_internet_service_link.internet",
    "outscale_load_balancer.api",
    "talos_machine_bootstrap.bootstrap",
  ];
  for (const address of steps) {
    await scenario.kill(await scenario.paused("up", { address }));
    await user.openaether("plan");
    expect([address, ...elsewhere()]).toEqual([address]);
  }

  // While it resumes, a temporary state is in the directory of the run.
  const up = scenario.start("up", "--yes");
  const memory = join(user.home, ".openaether");
  const runs = () => readdirSync(memory).filter((name) => name.startsWith("run-"));
  await until(() => runs().some((name) => existsSync(join(memory, name, "filled.tfstate"))), up);
  up.child.kill("SIGKILL");
  await up.ended;
  await user.openaether("plan");
  expect(elsewhere()).toEqual([]);
  expect(runs()).toEqual([]);

  await user.faults({ kind: "pause", type: "outscale_net", operation: "delete" });
  await user.done("up", "--yes");
  const reached = changeOf(user, "changeStarted", "outscale_net", "delete");
  const down = scenario.start("down", "--name", "demo");
  await before(down, reached);
  await scenario.kill(down);
  await scenario.isDestroyed();
  expect(elsewhere()).toEqual([]);
});
