import { afterEach, expect, jest, test } from "@jest/globals";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { outscale, scaleway } from "../../support/clouds";
import { filesWithKeys, keysIn } from "../../support/keys";
import { before, changeOf, Story, until } from "../../support/story";

// Each is several lifecycles on the command line.
jest.setTimeout(240_000);

let story: Story;
afterEach(() => story.end());

/** Where a user expects the cluster's keys. */
const expected = /^(cluster\.tfstate|kubeconfig|talosconfig)/;

const keys = new Set<string>();
afterEach(() => {
  keys.clear();
});

/** Other files with keys of any state that existed; the simulated cloud has its own. */
function elsewhere(): string[] {
  const { person } = story;
  for (const name of readdirSync(person.home).filter((one) => one.startsWith("cluster.tfstate"))) {
    try {
      for (const key of keysIn(person.read(name))) keys.add(key);
    } catch {
      continue; // empty, or partly written
    }
  }
  const found = filesWithKeys(person.home, [...keys]);
  expect(found.some((name) => name.startsWith("cluster.tfstate"))).toBe(true);
  return found.filter((name) => !expected.test(name) && !name.startsWith("cloud/"));
}

test("after up, plan and down, keys of the cluster are only in the state, kubeconfig and talosconfig", async () => {
  story = await Story.on(scaleway);
  const { person } = story;
  await story.undisturbed();
  expect(elsewhere()).toEqual([]);
  expect(keys.size).toBeGreaterThan(8);
  person.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
  await person.openaether("plan");
  expect(elsewhere()).toEqual([]);
  await person.done("up", "--yes");
  await person.openaether("doctor");
  expect(elsewhere()).toEqual([]);

  person.write(join("cdktf.out", "stacks", "demo", "plan"), "");
  const output = await person.done("down", "--name", "demo");
  expect(output).toContain(
    "Keys of the cluster are still in: cluster.tfstate.backup, cdktf.out/stacks/demo/plan",
  );
  expect(elsewhere()).toEqual([]);
});

test("after kill -9 at any step and the next run, keys of the cluster are nowhere else", async () => {
  story = await Story.on(outscale);
  const { person } = story;
  const steps = [
    "outscale_internet_service_link.internet",
    "outscale_load_balancer.api",
    "talos_machine_bootstrap.bootstrap",
  ];
  for (const address of steps) {
    await story.killed(await story.held("up", { address }));
    await person.openaether("plan");
    expect([address, ...elsewhere()]).toEqual([address]);
  }

  // While it resumes, a temporary state is in the directory of the run.
  const up = story.start("up", "--yes");
  const memory = join(person.home, ".openaether");
  const runs = () => readdirSync(memory).filter((name) => name.startsWith("run-"));
  await until(() => runs().some((name) => existsSync(join(memory, name, "filled.tfstate"))), up);
  up.child.kill("SIGKILL");
  await up.ended;
  await person.openaether("plan");
  expect(elsewhere()).toEqual([]);
  expect(runs()).toEqual([]);

  await person.faults({ kind: "pause", type: "outscale_net", operation: "delete" });
  await person.done("up", "--yes");
  const reached = changeOf(person, "changeStarted", "outscale_net", "delete");
  const down = story.start("down", "--name", "demo");
  await before(down, reached);
  await story.killed(down);
  await story.goes();
  expect(elsewhere()).toEqual([]);
});
