import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { SimulatorProcess, ProcessOptions } from "../../process";
import { startSimulator } from "../../../test/support/simulator";
import { Workspace } from "./tofu-run";

const directories: string[] = [];
const started: SimulatorProcess[] = [];
let workspace: Workspace;

beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});
afterAll(async () => {
  await Promise.all(started.map((simulator) => simulator.stop()));
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "cloud-"));
  directories.push(directory);
  return directory;
}

async function start(options: Partial<ProcessOptions> = {}): Promise<SimulatorProcess> {
  const simulator = await startSimulator({
    directory: newDirectory(),
    cloud: "scaleway",
    tofuDirectory: workspace.directory,
    ...options,
  });
  started.push(simulator);
  workspace.reattach = simulator.ready.reattach;
  return simulator;
}

const VPC = "scaleway_vpc";

/** VPCs that are created one after the other. */
function vpcs(...names: string[]): void {
  const all = names.map((name, index) => {
    const depends_on = index === 0 ? [] : [`${VPC}.${names[index - 1]}`];
    return [name, { name, depends_on }] as const;
  });
  workspace.configure({ resource: { [VPC]: Object.fromEntries(all) } });
}

async function namesIn(simulator: SimulatorProcess): Promise<unknown[]> {
  const { list } = await simulator.objects();
  return Object.values(list[VPC] ?? {})
    .map((object) => (object as { name?: unknown }).name)
    .filter((name) => name !== "default");
}

describe("a running simulator process", () => {
  let simulator: SimulatorProcess;
  beforeAll(async () => {
    workspace = new Workspace();
    simulator = await start();
    workspace.remove();
  });
  beforeEach(() => {
    workspace.reattach = simulator.ready.reattach;
  });

  test("serves all providers of a stack, and lists what exists", async () => {
    expect(Object.keys(simulator.ready.reattach).sort()).toEqual([
      "hashicorp/local",
      "hashicorp/null",
      "hashicorp/tls",
      "scaleway/scaleway",
      "siderolabs/talos",
    ]);
    vpcs("a");
    expect((await workspace.apply()).text).toContain("Simulated cloud");
    expect(await namesIn(simulator)).toEqual(["a"]);
    expect((await workspace.tofu("destroy", "-auto-approve")).status).toBe(0);
    expect(await namesIn(simulator)).toEqual([]);
  });

  test("keeps its cloud unreadable for other users", () => {
    const sockets = Object.values(simulator.ready.reattach).map(({ Addr }) => dirname(Addr.String));
    for (const directory of sockets) expect(statSync(directory).mode & 0o077).toBe(0);
    expect(statSync(join(directories[0] ?? "", "cloud.json")).mode & 0o077).toBe(0);
  });

  test("survives an interrupt that was meant for tofu", async () => {
    process.kill(simulator.pid, "SIGINT");
    expect((await simulator.usage()).memory).toBeGreaterThan(0);
  });

  test("reports a change while it is paused in it, and continues when resumed", async () => {
    await simulator.faults([{ kind: "pause", type: VPC }]);
    vpcs("a");
    const begun = simulator.next("changeStarted");
    const applied = workspace.apply();
    expect(await begun).toEqual({
      number: 1,
      source: "scaleway/scaleway",
      type: VPC,
      operation: "create",
    });
    expect(await namesIn(simulator)).toEqual([]);
    await simulator.resume();
    expect((await applied).status).toBe(0);
    await workspace.tofu("destroy", "-auto-approve");
  });

  test("refuses a paused change with the message that it is resumed with", async () => {
    await simulator.sweep({ fault: { kind: "pause" }, hit: [] });
    vpcs("a");
    const begun = simulator.next("changeStarted");
    const applied = workspace.apply();
    await begun;
    await simulator.resume("401 Unauthorized");
    expect((await applied).text).toContain("401 Unauthorized");
    await simulator.sweep(undefined);
    expect(await namesIn(simulator)).toEqual([]);
  });
});

describe("a simulator process that dies", () => {
  const moments = [
    { moment: "before", left: ["a"], then: ["a", "b"] },
    { moment: "after", left: ["a", "b"], then: ["a", "b", "b"] },
  ] as const;

  test.each(moments)("$moment a change is done keeps the cloud of that moment", async (example) => {
    const { moment, left, then } = example;
    const directory = newDirectory();
    const first = await start({ directory });
    await first.faults([{ kind: "crash", at: 2, moment }]);
    vpcs("a", "b");
    const { status, text } = await workspace.apply();
    expect(status).toBe(1);
    expect(text).toContain("Plugin did not respond");
    await first.ended();
    expect(workspace.attributes(`${VPC}.a`)).toBeDefined();

    const second = await start({ directory });
    expect(await namesIn(second)).toEqual(left);
    expect((await workspace.apply()).text).toContain("1 added, 0 changed, 0 destroyed");
    expect(await namesIn(second)).toEqual(then);
    expect((await workspace.plan()).status).toBe(0);
    await second.stop();
  });

  test("by a kill leaves no sockets, and an earlier plan can be applied after a restart", async () => {
    const directory = newDirectory();
    const first = await start({ directory });
    vpcs("a");
    await workspace.tofu("plan", "-out=plan");
    await first.kill();
    const sockets = dirname(Object.values(first.ready.reattach)[0]?.Addr.String ?? "");
    expect(existsSync(sockets)).toBe(false);
    const second = await start({ directory });
    expect((await workspace.tofu("apply", "plan")).text).toContain("1 added");
    expect(await namesIn(second)).toEqual(["a"]);
    await second.stop();
    expect(existsSync(dirname(second.ready.reattach["scaleway/scaleway"]?.Addr.String ?? ""))).toBe(
      false,
    );
  });
});

test("an unknown cloud is refused with the names of the simulated ones", async () => {
  await expect(start({ cloud: "nimbus" })).rejects.toThrow(
    /No simulated cloud "nimbus": there is .*\bscaleway\b/,
  );
});
