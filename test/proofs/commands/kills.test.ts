import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ovh, scaleway, testClouds } from "../../support/clouds";
import { Story, until } from "../../support/story";
import { tofuBinary } from "../../support/tofu";

/** They can be neither imported nor recreated, and are saved first. */
const bornFirst = [
  "talos_machine_secrets.talos_config",
  "tls_private_key.bastion_boot",
  "terraform_data.immutable_settings",
];

// Each is several lifecycles on the command line.
jest.setTimeout(240_000);

let story: Story;

afterEach(() => story.end());

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

describe.each(testClouds)("after a kill on $name", (cloud) => {
  test("what the state lost is imported by the journal's ids: all at once, nothing created twice, no machine replaced", async () => {
    story = await Story.on(cloud);
    const { person, journal } = story;
    await story.undisturbed();
    const lost = person.stateList().filter((address) => !bornFirst.includes(address));
    person.tofu("state", "rm", ...lost);
    renameSync(`${journal}.done`, journal);

    const calls = join(person.home, "calls");
    const noted = `#!/bin/sh\necho "$*" >>'${calls}'\nexec '${tofuBinary()}' "$@"\n`;
    person.write("tofu", noted, 0o700);
    const environment = { TOFU_BIN: join(person.home, "tofu") };
    const { output, code } = await person.start(["up", "--yes"], environment).ended;
    expect(code).toBe(0);
    await story.isWhole();
    // All in one plan; one by one takes a minute. On Outscale one id is known only after that.
    expect(person.read("calls").match(/ import /g) ?? []).toHaveLength(
      cloud.name === "outscale" ? 1 : 0,
    );
    expect(output).toContain("created but did not save:");
    expect(output).not.toMatch(/replace|ORPHAN/i);
    expect(existsSync(journal)).toBe(false);
  });

  const { early, ending } = points[cloud.name];
  const type = cloud.types.loadBalancer;

  test(`kill -9 of openaether and tofu at ${early}, again at the load balancer, and in down: no orphan, no duplicate`, async () => {
    story = await Story.on(cloud);
    const { person } = story;
    await story.killed(await story.held("up", { address: early }));
    // The lock itself ended with its process; the file that tofu leaves beside it locks nothing.
    expect(person.has(".cluster.tfstate.lock.info")).toBe(true);

    // This time the cloud creates it, and the answer is lost.
    await story.killed(await story.held("up", { address: `${type}.api`, moment: "after" }));
    // It is looked up, and the plan that follows is that of a run without faults.
    const { output, code } = await person.openaether("up");
    expect(code).toBe(1); // not a terminal
    expect(output).toMatch(new RegExp(`created but did not save:(\\n .*)*\\n {2}${type}\\.api\\n`));
    expect(output).not.toMatch(/ORPHAN|REPLACED|^ {2}~ {2}(?!access)/m);
    await story.finishes();

    await story.killed(await story.held("down", { address: ending, moment: "after" }));
    expect([...person.savedState().keys()]).toContain(ending);
    await story.goes();
  });
});

test("a member that was being created is found through its pool", async () => {
  story = await Story.on(ovh);
  const member = "openstack_lb_member_v2.control_plane_0";
  await story.killed(await story.held("up", { address: member, moment: "after" }));
  const output = await story.person.done("up", "--yes");
  expect(output).toMatch(new RegExp(`created but did not save:(\\n .*)*\\n {2}${member}\\n`));
  expect(output).not.toMatch(/ORPHAN|replace openstack/);
  await story.isWhole();
});

test("after kill -9 of openaether alone its tofu goes on, and another up waits for it", async () => {
  story = await Story.on(ovh);
  const { person } = story;
  const first = await story.held("up", { address: "openstack_networking_router_v2.gateway" });
  const { tofu } = first;
  first.child.kill("SIGKILL");
  await first.ended;

  // As if tofu had been started by hand: only the lock shows it.
  const pid = join(person.home, ".openaether", "tofu.pid");
  renameSync(pid, `${pid}.hidden`);
  const locked = await person.openaether("up", "--yes");
  expect(locked.errors).toContain("Error acquiring the state lock");
  expect(locked.errors).toMatch(
    /Another tofu is running on this cluster[^]*tofu -chdir=cdktf.out\/stacks\/demo force-unlock [0-9a-f-]{36}\n/,
  );
  expect(locked.output).not.toContain("ORPHAN");
  expect(locked.code).toBe(1);
  renameSync(`${pid}.hidden`, pid);

  const second = story.start("up", "--yes");
  const told = `tofu still works on this cluster (process ${tofu})`;
  await until(() => second.output.includes(told), second);
  await person.simulator.resume();
  const { code, errors } = await second.ended;
  expect([code, errors]).toEqual([0, ""]);
  await story.isWhole();
});

test("what a killed up created and tofu.tfvars no longer contains is not forgotten", async () => {
  story = await Story.on(scaleway, { ...scaleway.single, workers: 1 });
  const { person } = story;
  const also = ["scaleway_instance_private_nic.worker_0"];
  await story.killed(await story.held("up", { address: "scaleway_lb.api", also }));
  person.nodes(scaleway.single);
  await person.openaether("plan"); // another synth in between
  const output = await person.done("up", "--yes", "--allow", "worker-0");
  expect(output).toContain("worker-0 will be DESTROYED");
  expect(output).not.toMatch(/replace/);
  await story.isWhole();
});
