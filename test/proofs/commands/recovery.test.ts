import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { outscale, ovh, scaleway } from "../../support/clouds";
import { readJournal } from "../../../src/tofu/journal";
import { before, changeOf, RecoveryScenario, until } from "../../support/recovery-scenario";

// Each is several lifecycles on the command line.
jest.setTimeout(240_000);

let scenario: RecoveryScenario;

afterEach(() => scenario.end());

test("a possible orphan that may be either of two public IPs is asked about, and imported as one of them", async () => {
  scenario = await RecoveryScenario.on(outscale);
  await scenario.expected();
  const { user } = scenario;
  const { simulator } = user;
  const type = "outscale_public_ip";
  await user.faults(
    ...[1, 2, 3].map((at) => ({ kind: "pause", moment: "after", type, at }) as const),
  );
  const running = scenario.start("up", "--yes");
  await until(
    async () => Object.keys((await simulator.objects()).list[type] ?? {}).length === 3,
    running,
  );
  await scenario.kill(running);
  const ips = Object.entries((await user.simulator.objects()).list[type] ?? {});
  const named = (name: string) =>
    ips.find(([, ip]) => JSON.stringify(ip).includes(name))?.[0] ?? "";
  await user.simulator.remove(type, named("demo-nat"));
  const [bare] = ips.find(([, ip]) => !JSON.stringify(ip).includes("demo-")) ?? [""];

  const { errors } = await user.openaether("up", "--yes");
  const addresses = [...errors.matchAll(new RegExp(`--adopt (\\S+)=${bare}`, "g"))].map(
    ([, address = ""]) => address,
  );
  expect(addresses).toHaveLength(2);
  const both = await user.openaether(
    ...["up", "--yes"],
    ...addresses.flatMap((address) => ["--adopt", `${address}=${bare}`]),
  );
  expect(both.errors).toContain("not both");
  const [one = "", other = ""] = addresses;
  await scenario.completes("--adopt", `${one}=${bare}`, "--adopt", `${other}=none`);
});

describe("a deleted object that its provider reports as an error", () => {
  const backend = "scaleway_lb_backend";

  async function withoutBackend(): Promise<void> {
    scenario = await RecoveryScenario.on(scaleway);
    await scenario.baseline();
    const { simulator } = scenario.user;
    await simulator.remove(backend, await scenario.idInConsole(backend));
  }

  test("is created again by up, and reported by plan without a change of the state", async () => {
    await withoutBackend();
    const { user: user } = scenario;
    const planned = await user.openaether("plan");
    expect(planned.output).toMatch(/Gone from the cloud.*: scaleway_lb_backend\.api\. Not counted/);
    expect(planned.output).toMatch(/create scaleway_lb_backend\.api|load balancer +create/);
    expect(planned.code).toBe(2);
    expect(user.stateList()).toContain("scaleway_lb_backend.api");

    const output = await user.done("up", "--yes");
    expect(output).toMatch(
      /Gone from the cloud.*: scaleway_lb_backend\.api\. Removed from the state/,
    );
    await scenario.expectComplete();
  });

  test("does not prevent down", async () => {
    await withoutBackend();
    await scenario.isDestroyed();
  });
});

/** Ids that the journal of the last run has as started, and not as done. */
function beingDestroyed(type: string): string[] {
  const events = readJournal(scenario.journal).filter(
    ({ hook }) => hook?.action === "delete" && hook.resource?.addr.startsWith(`${type}.`) === true,
  );
  const ended = events.filter(({ type }) => type === "apply_complete");
  return events
    .filter((one) => one.type === "apply_start")
    .filter((one) => !ended.some(({ hook }) => hook?.resource?.addr === one.hook?.resource?.addr))
    .flatMap(({ hook }) => hook?.id_value ?? []);
}

test("a volume that an interrupted deletion of its machine left is deleted by the next down", async () => {
  scenario = await RecoveryScenario.on(scaleway);
  await scenario.baseline();
  const { user: user } = scenario;
  const type = "scaleway_instance_server";
  const count = (await user.cloudObjects())[type] ?? 0;
  // Which machine is deleted first differs from run to run.
  const all = Array.from({ length: count }, (_, index) => index + 1);
  await user.faults(
    ...all.map((at) => ({ kind: "pause", type, operation: "delete", at }) as const),
  );
  const begun = changeOf(user, "changeStarted", type, "delete");
  const running = scenario.start("down", "--name", "demo");
  await before(running, begun);
  await until(() => beingDestroyed(type).length > 0, running);
  await scenario.kill(running);
  const [server = ""] = beingDestroyed(type);
  // Its provider deletes the machine first.
  await user.simulator.remove(type, server);
  await user.faults({ kind: "error", message: "volume is in use", type: "scaleway_block_volume" });
  const failed = await user.openaether("down", "--json", "--name", "demo");
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.output.trim().split("\n").at(-1) ?? "")).toMatchObject({
    done: false,
    state: [],
    left: [{ type: "scaleway_block_volume" }],
  });
  const output = await user.done("down", "--name", "demo");
  expect(output).toContain("Deleted, left by an interrupted deletion: ");
  expect(await user.cloudObjects()).toEqual({});
  expect(user.has(".openaether/left-parts.json")).toBe(false);
});

test("a deleted object that Outscale's provider still reads is created again by up", async () => {
  scenario = await RecoveryScenario.on(outscale);
  await scenario.baseline();
  const { user: user } = scenario;
  const before = user.read("cluster.tfstate");
  const deleted = user
    .stateList()
    .filter((one) => /^outscale_(route_table_link|security_group_rule)\.(private|ssh)/.test(one));
  expect(deleted.length).toBeGreaterThan(1);
  const targets = deleted.map((one) => `-target=${one}`);
  user.tofu("apply", "-destroy", "-auto-approve", ...targets);
  // As if it had been done in the console, without any state.
  user.write("cluster.tfstate", before);

  const output = await user.done("up", "--yes");
  for (const one of deleted) expect(output).toContain(one);
  await scenario.expectComplete();
});

test("down retries what the cloud refuses temporarily, also where something else fails", async () => {
  scenario = await RecoveryScenario.on(scaleway);
  await scenario.baseline();
  const { user: user } = scenario;
  const message =
    "scaleway-sdk-go: precondition failed: resource is still in use, IP is still attached to a resource";
  await user.faults(
    { kind: "error", message, type: "scaleway_ipam_ip", operation: "delete" },
    { kind: "error", message: "internal error", type: "scaleway_lb_ip", operation: "delete" },
  );
  const output = await user.done("down", "--name", "demo");
  expect(output).toContain(`Not yet: ${message}`);
  expect(await user.cloudObjects()).toEqual({});
});

test.each([
  [
    "openstack_compute_instance_v2",
    "bastion",
    { status: "ERROR", fault: "No valid host was found." },
  ],
  ["openstack_lb_loadbalancer_v2", "api", { failed: true }],
])(
  "what failed in the cloud after a kill is replaced by the same command: %s",
  async (type, name, values) => {
    scenario = await RecoveryScenario.on(ovh);
    const { user } = scenario;
    // Which of several is created first differs from run to run.
    const count = (await scenario.expected()).objects[type] ?? 0;
    const all = Array.from({ length: count }, (_, index) => index + 1);
    await user.faults(...all.map((at) => ({ kind: "pause", moment: "after", type, at }) as const));
    const running = scenario.start("up", "--yes");
    await until(async () => (await user.cloudObjects())[type] === count, running);
    await scenario.kill(running);
    const objects = Object.entries((await user.simulator.objects()).list[type] ?? {});
    const [id = ""] = objects.find(([, one]) => JSON.stringify(one).includes(`demo-${name}`)) ?? [];
    await user.simulator.change(type, id, values);
    const output = await scenario.completes();
    expect(output).toContain(`replace ${type}.${name}`);
    expect(Object.keys((await user.simulator.objects()).list[type] ?? {})).not.toContain(id);
  },
);

test("a machine that fails in the cloud is replaced before etcd exists, and reported by every run after", async () => {
  scenario = await RecoveryScenario.on(ovh);
  const { user } = scenario;
  const type = "openstack_compute_instance_v2";
  const failing = async () => {
    const machines = Object.entries((await user.simulator.objects()).list[type] ?? {});
    const [id = ""] =
      machines.find(([, one]) => JSON.stringify(one).includes("control-plane-0")) ?? [];
    await user.simulator.change(type, id, { status: "ERROR" });
    return id;
  };
  await user.faults({ kind: "error", type: "null_resource" });
  expect((await user.openaether("up", "--yes")).code).toBe(1);
  const first = await failing();
  expect(await scenario.completes()).toContain(`${type}.control_plane_0. To be replaced`);

  const id = await failing();
  expect(id).not.toBe(first);
  const report = new RegExp(
    `Failed in the cloud,.*: ${type}\\.control_plane_0\\. To replace a node`,
  );
  expect((await user.openaether("plan")).output).toMatch(report);
  expect(await user.done("up", "--yes")).toMatch(report);
  expect(Object.keys((await user.simulator.objects()).list[type] ?? {})).toContain(id);
  await scenario.isDestroyed();
});
