import { afterEach, expect, jest, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { listens } from "../../../src/cli/rehearse/tunnel";
import { outscale, ovh, scaleway } from "../../support/clouds";
import { before, changeOf, RecoveryScenario, until } from "../../support/recovery-scenario";

// Each is several lifecycles on the command line.
jest.setTimeout(240_000);

let scenario: RecoveryScenario;

afterEach(() => scenario.end());

test("Ctrl-C ends up and down in order with status 130, and they print what exists and how to resume", async () => {
  scenario = await RecoveryScenario.on(scaleway);
  const up = await scenario.paused("up", { address: "scaleway_lb.api" });
  up.child.kill("SIGINT");
  const { code, errors } = await up.ended;
  expect(errors).toMatch(
    /Interrupted\.\n\n\d+ resources exist and are known\. To go on:\n\n {2}\.\/openaether up/,
  );
  expect(errors).not.toContain("ORPHAN");
  expect(code).toBe(130);
  await scenario.completes();

  const down = await scenario.paused("down", { address: "scaleway_vpc_private_network.cluster" });
  down.child.kill("SIGINT");
  const { code: ended, errors: words } = await down.ended;
  expect(words).toContain("./openaether down");
  expect(ended).toBe(130);
  await scenario.isDestroyed();
});

test("Ctrl-C while keys are created leaves no tofu behind that holds the state", async () => {
  scenario = await RecoveryScenario.on(outscale);
  const { user } = scenario;
  const type = "talos_machine_secrets";
  await user.faults({ kind: "pause", type });
  const reached = changeOf(user, "changeStarted", type);
  const up = scenario.start("up", "--yes");
  await before(up, reached);
  up.child.kill("SIGINT");
  const { code, errors } = await up.ended;
  expect([code, errors]).toEqual([130, "Interrupted.\n"]);
  await scenario.completes();
});

test("a closed terminal ends a run in order too; Ctrl-C twice ends it at once, and names possible orphans", async () => {
  scenario = await RecoveryScenario.on(ovh);
  const { user: user, journal } = scenario;
  const network = "openstack_networking_network_v2.cluster";
  const closed = await scenario.paused("up", { address: network });
  closed.child.kill("SIGHUP");
  expect((await closed.ended).code).toBe(130);
  expect(user.stateList()).toContain(network);

  const type = "openstack_lb_loadbalancer_v2";
  const command = await scenario.paused("up", { address: `${type}.api`, moment: "after" });
  const { tofu } = command;
  // The cloud does not answer any more, not even to a stop.
  process.kill(user.simulator.pid, "SIGSTOP");
  try {
    command.child.kill("SIGINT");
    await until(() => readFileSync(journal, "utf8").includes("Interrupt received"), command);
    command.child.kill("SIGINT");
    await until(() => !isAlive(tofu), command);
  } finally {
    process.kill(user.simulator.pid, "SIGCONT");
  }
  const { code, errors } = await command.ended;
  expect(errors).toContain(`  ${type}.api  demo`);
  expect(errors).toContain("looks for them before it creates any");
  expect(code).toBe(130);
  await scenario.completes();
});

test("a tunnel that is cut during the bootstrap, or after it, is opened again", async () => {
  scenario = await RecoveryScenario.on(outscale);
  const { user } = scenario;
  const throughIt = ["talos_machine_bootstrap", "talos_cluster_kubeconfig"];
  await user.faults(
    ...throughIt.map((type) => ({ kind: "pause", type, operation: "create" }) as const),
  );
  const reached = throughIt.map((type) => changeOf(user, "changeStarted", type));
  const up = scenario.start("up", "--yes");
  for (const change of reached) {
    await before(up, change);
    const open = tunnels(user.tunnelPort);
    expect(open).toHaveLength(1);
    for (const ssh of open) process.kill(ssh, "SIGKILL");
    await until(() => tunnels(user.tunnelPort).some((ssh) => !open.includes(ssh)), up);
    await until(() => listens(user.tunnelPort), up);
    await user.simulator.resume();
  }
  const { code, errors } = await up.ended;
  expect([code, errors]).toEqual([0, ""]);
  expect(await user.done("plan")).toContain("no changes");
});

test("an expired credential is reported with the cloud's message, and a new one resumes; so does a bootstrap whose answer was lost", async () => {
  scenario = await RecoveryScenario.on(ovh);
  const { user } = scenario;
  const message = "Authentication failed: the application credential has expired";
  await user.faults({ kind: "error", type: "openstack_lb_loadbalancer_v2", message });
  const { code, errors } = await user.openaether("up", "--yes");
  expect(errors).toContain(message);
  expect(errors).toContain("./openaether up");
  expect(code).toBe(1);

  await user.faults({ kind: "timeout-done", type: "talos_machine_bootstrap" });
  const lost = await user.openaether("up", "--yes");
  expect(lost.errors).toContain("talos_machine_bootstrap.bootstrap");
  expect(lost.code).toBe(1);
  const output = await scenario.completes();
  expect(output).toMatch(/An earlier run has started etcd's bootstrap[^]*repeats it for 5m, then/);
  expect(output).toContain("etcd was bootstrapped by an earlier run");
});

test("a bootstrap that the state forgot is not repeated when a user says that it happened", async () => {
  scenario = await RecoveryScenario.on(scaleway);
  const { user } = scenario;
  await user.faults({ kind: "timeout-done", type: "talos_machine_bootstrap" });
  const { code } = await user.openaether("up", "--yes");
  expect(code).toBe(1);
  const adopted = "talos_machine_bootstrap.bootstrap=machine_bootstrap";
  const output = await scenario.completes("--adopt", adopted);
  expect(output).not.toContain("etcd was bootstrapped by an earlier run");
});

const onLinux = existsSync("/dev/full") ? test : test.skip;
onLinux("a disk that is full when the state is saved loses nothing", async () => {
  scenario = await RecoveryScenario.on(scaleway);
  const { user } = scenario;
  await user.faults({ kind: "error", type: "scaleway_lb" });
  expect((await user.openaether("up", "--yes")).code).toBe(1);

  const backup = join(user.home, "cluster.tfstate.backup");
  rmSync(backup);
  symlinkSync("/dev/full", backup);
  const { code, errors } = await user.openaether("up", "--yes");
  expect(errors).toContain("no space left on device");
  expect(code).toBe(1);
  expect(await user.cloudObjects()).toMatchObject({ scaleway_lb: 1 });
  expect(user.stateList()).not.toContain("scaleway_lb.api");
  rmSync(backup);
  await scenario.completes();
});

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

/** Process ids of the ssh that leads to the first node. */
function tunnels(port: number): number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("ssh ") && line.includes(`127.0.0.1:${port}:`))
    .map((line) => Number.parseInt(line, 10));
}
