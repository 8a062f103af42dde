import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { scaleway } from "../support/clouds";
import { User, type Running } from "../support/command-line";
import { asked, hasTerminal, onTerminal } from "../support/typed";

// Each waits for an apply.
jest.setTimeout(240_000);

const withTerminal = hasTerminal ? test : test.skip;
const question = "Continue? [y/N] ";
const three = { ...scaleway.available, control_planes: 3, workers: 0 };

let user: User;
let waiting: Running | undefined;

beforeAll(async () => {
  if (!hasTerminal) return;
  user = await User.in(scaleway, three);
  await user.done("up", "--yes");
});
afterEach(() => {
  if (waiting?.isOver === false) waiting.child.kill("SIGKILL");
});
afterAll(async () => {
  if (hasTerminal) await user.end();
});

const servers = () =>
  user.stateList().filter((address) => /_server\.(control_plane|worker)/.test(address));
const planFiles = () =>
  readdirSync(join(user.home, ".openaether")).filter((name) => name.startsWith("run-"));
/** The process that waits for an answer. */
function asking(): number {
  const [, id] = /^run-(\d+)$/.exec(planFiles()[0] ?? "") ?? [];
  if (id === undefined) throw new Error("no run has a plan of its own");
  return Number(id);
}

withTerminal(
  "yes applies the plan that was shown, whatever a plan in a second terminal saved meanwhile",
  async () => {
    user.nodes({ ...three, workers: 1 });
    waiting = onTerminal(user, "up");
    await asked(waiting, question);
    user.nodes({ ...three, control_planes: 1 });
    const second = await user.openaether("plan");
    expect(second.output).toContain("control-plane-1 will be DESTROYED");
    waiting.child.stdin?.write("y\r");
    const { code, output } = await waiting.ended;
    expect(output).not.toContain("DESTROYED");
    expect(servers()).toEqual([
      ...[0, 1, 2].map((index) => `scaleway_instance_server.control_plane_${index}`),
      "scaleway_instance_server.worker_0",
    ]);
    expect(code).toBe(0);
    expect(planFiles()).toEqual([]);
  },
);

withTerminal("a saved plan that changed after it was shown is not applied", async () => {
  user.nodes(three);
  const before = servers();
  waiting = onTerminal(user, "up", "--allow", "worker-0");
  await asked(waiting, question);
  const directory = `run-${asking()}`;
  user.nodes({ ...three, control_planes: 1, workers: 1 });
  await user.openaether("plan");
  const other = join(user.home, "other");
  const variables = `-var-file=${join(user.home, "tofu.tfvars.json")}`;
  user.tofu("plan", `-out=${other}`, variables);
  user.copy("other", join(".openaether", directory, "plan"));
  waiting.child.stdin?.write("y\r");
  const { code, output } = await waiting.ended;
  expect(output).toContain("Not applied: the saved plan");
  expect(code).toBe(1);
  expect(servers()).toEqual(before);
});

withTerminal(
  "a plan that waits is not applied after another run has changed the cluster, whose journal is kept",
  async () => {
    user.nodes({ ...three, workers: 2 });
    waiting = onTerminal(user, "up");
    await asked(waiting, question);
    await user.faults({ kind: "error", type: "scaleway_instance_server", operation: "create" });
    expect((await user.openaether("up", "--yes")).code).toBe(1);
    const journal = user.read(join(".openaether", "journal"));
    waiting.child.stdin?.write("y\r");
    const { code, output } = await waiting.ended;
    expect(output).toContain("Not applied: the saved plan");
    expect(code).toBe(1);
    expect(user.read(join(".openaether", "journal"))).toBe(journal);
    await user.done("up", "--yes");
    expect(servers()).toHaveLength(5);
  },
);

withTerminal(
  "a run that was killed while it asked leaves no plan behind the next one",
  async () => {
    user.nodes(three);
    waiting = onTerminal(user, "up", "--allow", "worker-0", "--allow", "worker-1");
    await asked(waiting, question);
    process.kill(asking(), "SIGKILL");
    await waiting.ended;
    expect(planFiles()).toHaveLength(1);
    await user.openaether("plan");
    expect(planFiles()).toEqual([]);

    // A closed terminal is no kill: what was to be applied is dropped with it.
    waiting = onTerminal(user, "up", "--allow", "worker-0", "--allow", "worker-1");
    await asked(waiting, question);
    process.kill(asking(), "SIGHUP");
    await waiting.ended;
    expect(planFiles()).toEqual([]);
  },
);
