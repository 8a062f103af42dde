import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { oneOf, outscale, ovh, scaleway } from "../../support/clouds";
import { RecoveryScenario, until } from "../../support/recovery-scenario";
import { tofuBinary } from "../../support/tofu";

/** They can be neither imported nor recreated, and are saved first. */
const createdFirst = [
  "talos_machine_secrets.talos_config",
  "tls_private_key.bastion_boot",
  "terraform_data.immutable_settings",
];

// Each is several lifecycles on the command line.
jest.setTimeout(240_000);

let scenario: RecoveryScenario;

afterEach(() => scenario.end());

const points = {
  scaleway: {
    early: "scaleway_vpc_private_network.cluster",
    ending: "scaleway_vpc_private_network.cluster",
  },
  ovh: {
    early: "openstack_networking_router_v2.gateway",
    ending: "openstack_networking_network_v2.cluster",
  },
  // Their provider does not notice that this one is gone: it reads it with an empty Net.
  outscale: {
    early: "outscale_internet_service_link.internet",
    ending: "outscale_internet_service_link.internet",
  },
};

describe.each(oneOf(outscale))("after a kill on $name", (cloud) => {
  test("what the state lost is imported by the journal's ids: all at once, nothing created twice, no machine replaced", async () => {
    scenario = await RecoveryScenario.on(cloud);
    const { user: user, journal } = scenario;
    await scenario.baseline();
    const lost = user.stateList().filter((address) => !createdFirst.includes(address));
    user.tofu("state", "rm", ...lost);
    renameSync(`${journal}.done`, journal);

    const calls = join(user.home, "calls");
    const noted = `#!/bin/sh\necho "$*" >>'${calls}'\nexec '${tofuBinary()}' "$@"\n`;
    user.write("tofu", noted, 0o700);
    const environment = { TOFU_BIN: join(user.home, "tofu") };
    const { output, code } = await user.start(["up", "--yes"], environment).ended;
    expect(code).toBe(0);
    await scenario.expectComplete();
    // All in one plan; one by one takes a minute. On Outscale one id is known only after that.
    expect(user.read("calls").match(/ import /g) ?? []).toHaveLength(
      cloud.name === "outscale" ? 1 : 0,
    );
    expect(output).toContain("created but did not save:");
    expect(output).not.toMatch(/replace|ORPHAN/i);
    expect(existsSync(journal)).toBe(false);
  });

  const { early, ending } = points[cloud.name];
  const type = cloud.types.loadBalancer;

  test(`kill -9 of openaether and tofu at ${early}, again at the load balancer, and in down: no orphan, no duplicate`, async () => {
    scenario = await RecoveryScenario.on(cloud);
    const { user } = scenario;
    await scenario.kill(await scenario.paused("up", { address: early }));
    // The lock itself ended with its process; the file that tofu leaves beside it locks nothing.
    expect(user.has(".cluster.tfstate.lock.info")).toBe(true);

    // This time the cloud creates it, and the answer is lost.
    await scenario.kill(await scenario.paused("up", { address: `${type}.api`, moment: "after" }));
    // It is looked up, and the plan that follows is that of a run without faults.
    const { output, code } = await user.openaether("up");
    expect(code).toBe(1); // not a terminal
    expect(output).toMatch(new RegExp(`created but did not save:(\\n .*)*\\n {2}${type}\\.api\\n`));
    expect(output).not.toMatch(/ORPHAN|REPLACED|^ {2}~ {2}(?!access)/m);
    await scenario.completes();

    await scenario.kill(await scenario.paused("down", { address: ending, moment: "after" }));
    expect([...user.savedState().keys()]).toContain(ending);
    await scenario.isDestroyed();
  });
});

test("a member that was being created is found through its pool", async () => {
  scenario = await RecoveryScenario.on(ovh);
  const member = "openstack_lb_member_v2.control_plane_0";
  await scenario.kill(await scenario.paused("up", { address: member, moment: "after" }));
  const output = await scenario.user.done("up", "--yes");
  expect(output).toMatch(new RegExp(`created but did not save:(\\n .*)*\\n {2}${member}\\n`));
  expect(output).not.toMatch(/ORPHAN|replace openstack/);
  await scenario.expectComplete();
});

test("after kill -9 of openaether alone its tofu goes on, and another up waits for it", async () => {
  scenario = await RecoveryScenario.on(ovh);
  const { user } = scenario;
  const first = await scenario.paused("up", { address: "openstack_networking_router_v2.gateway" });
  const { tofu } = first;
  first.child.kill("SIGKILL");
  await first.ended;

  // As if tofu had been started by hand: only the lock shows it.
  const pid = join(user.home, ".openaether", "tofu.pid");
  renameSync(pid, `${pid}.hidden`);
  const locked = await user.openaether("up", "--yes");
  expect(locked.errors).toContain("Error acquiring the state lock");
  expect(locked.errors).toMatch(
    /Another tofu is running on this cluster[^]*tofu -chdir=cdktf.out\/stacks\/demo force-unlock [0-9a-f-]{36}\n/,
  );
  expect(locked.output).not.toContain("ORPHAN");
  expect(locked.code).toBe(1);
  renameSync(`${pid}.hidden`, pid);

  const second = scenario.start("up", "--yes");
  const reported = `tofu still works on this cluster (process ${tofu})`;
  await until(() => second.output.includes(reported), second);
  await user.simulator.resume();
  const { code, errors } = await second.ended;
  expect([code, errors]).toEqual([0, ""]);
  await scenario.expectComplete();
});

test("what a killed up created and tofu.tfvars no longer contains is not forgotten", async () => {
  scenario = await RecoveryScenario.on(scaleway, { ...scaleway.single, workers: 1 });
  const { user } = scenario;
  const also = ["scaleway_instance_private_nic.worker_0"];
  await scenario.kill(await scenario.paused("up", { address: "scaleway_lb.api", also }));
  user.nodes(scaleway.single);
  await user.openaether("plan"); // another synth in between
  const output = await user.done("up", "--yes", "--allow", "worker-0");
  expect(output).toContain("worker-0 will be DESTROYED");
  expect(output).not.toMatch(/replace/);
  await scenario.expectComplete();
});
