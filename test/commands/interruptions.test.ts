import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Fault } from "../../simulator/faults";
import { readJournal } from "../../src/tofu/journal";
import { type TestCloud, outscale, ovh, scaleway, testClouds } from "../support/clouds";
import { Person, type Running } from "../support/command-line";

const bornFirst = [
  "talos_machine_secrets.talos_config",
  "tls_private_key.bastion_boot",
  "terraform_data.for_life",
];

/** What an undisturbed `up` of one node makes. */
interface Whole {
  /** Objects of the cloud, by kind. */
  readonly objects: Record<string, number>;
  /** What each resource comes after, near and far, as tofu's state has it. */
  readonly after: ReadonlyMap<string, readonly string[]>;
}

const known = new Map<string, Promise<Whole>>();

function wholeOf(cloud: TestCloud): Promise<Whole> {
  const whole = known.get(cloud.name) ?? seeWhole(cloud);
  known.set(cloud.name, whole);
  return whole;
}

async function seeWhole(cloud: TestCloud): Promise<Whole> {
  const another = await Person.in(cloud);
  try {
    await another.done("up", "--yes");
    return { objects: await another.cloudObjects(), after: another.savedState() };
  } finally {
    await another.end();
  }
}

// Most are several lives of a command each.
jest.setTimeout(240_000);

let person: Person;
let running: Running | undefined;

afterEach(async () => {
  running?.child.kill("SIGKILL");
  running = undefined;
  await person.end();
});

/** A re-run finishes, and the cloud then holds exactly what an undisturbed run makes. */
async function finishes(...more: string[]): Promise<string> {
  const output = await person.done("up", "--yes", ...more);
  expect(await person.cloudObjects()).toEqual((await wholeOf(person.cloud)).objects);
  expect(await person.done("plan")).toContain("nothing to change");
  return output;
}

/** `down` leaves nothing, in the cloud or in the state. */
async function goes(): Promise<void> {
  await person.done("down", "--name", "demo");
  expect(await person.cloudObjects()).toEqual({});
  expect(person.stateList()).toEqual([]);
}

const journal = () => join(person.home, ".openaether", "journal");

/** Looks until it is so. @throws when the command has ended before */
async function until(isSo: () => boolean | Promise<boolean>, command = running): Promise<void> {
  while (!(await isSo())) {
    if (command?.isOver === true) said(await command.ended);
    await new Promise((next) => setTimeout(next, 20));
  }
}

interface Held {
  /** The resource: "scaleway_lb.api". */
  readonly address: string;
  readonly moment?: Fault["moment"];
  /** Waited for besides. */
  readonly also?: readonly string[];
}

/**
 * Starts a command, and returns when one change is held and everything that does not wait for it is
 * done: the same picture every time.
 */
async function held(command: "up" | "down", { address, moment, also = [] }: Held) {
  const isUp = command === "up";
  const [type = ""] = address.split(".");
  const operation = isUp ? "create" : "delete";
  await person.faults({ kind: "pause", type, operation, ...(moment ? { moment } : {}) });
  const event = moment === "after" ? "changeDone" : "changeStarted";
  const reached = person.simulator.next(event, { type, operation });
  const { after } = await wholeOf(person.cloud);
  if (!after.has(address)) throw new Error(`there is no ${address}`);
  const comesAfter = (later: string, sooner: string) => after.get(later)?.includes(sooner) ?? false;
  const free = [...after.keys(), ...also].filter(
    (other) =>
      other !== address && !(isUp ? comesAfter(other, address) : comesAfter(address, other)),
  );
  running = person.start(isUp ? ["up", "--yes"] : ["down", "--name", "demo"]);
  await Promise.race([reached, running.ended.then(said)]);
  await until(() => {
    const done = new Set(
      readJournal(journal()).flatMap(({ type, hook }) =>
        type === "apply_complete" && hook?.action === operation ? hook.resource?.addr : [],
      ),
    );
    // What an earlier run has made is in the state at most.
    const state = isUp ? person.savedState() : new Map<string, unknown>();
    return free.every((other) => done.has(other) || state.has(other));
  });
  return running;
}

function said({ output, errors }: { output: string; errors: string }): never {
  throw new Error(`it ended too soon:\n${output}\n${errors}`);
}

/** As hard as it gets: the command line and its tofu are gone, and what was held is never done. */
async function killed(command: Running): Promise<void> {
  const { tofu } = command;
  command.child.kill("SIGKILL");
  process.kill(tofu, "SIGKILL");
  await command.ended;
  await anotherSimulator();
}

async function anotherSimulator(): Promise<void> {
  await person.simulator.kill();
  await person.startSimulator();
}

const points = {
  scaleway: {
    early: "scaleway_vpc_private_network.cluster",
    ending: "scaleway_vpc_private_network.cluster",
  },
  ovh: {
    early: "openstack_networking_router_v2.gateway",
    ending: "openstack_networking_network_v2.cluster",
  },
  // Their provider does not see it when this one is gone: it reads it back with an empty Net.
  outscale: {
    early: "outscale_internet_service_link.internet",
    ending: "outscale_internet_service_link.internet",
  },
};

describe.each(testClouds)("on $name", (cloud) => {
  test("whatever the state lost is imported by the journal's ids: nothing is made twice, no machine anew", async () => {
    person = await Person.in(cloud);
    await person.done("up", "--yes");
    known.set(
      cloud.name,
      Promise.resolve({ objects: await person.cloudObjects(), after: person.savedState() }),
    );
    const lost = person.stateList().filter((address) => !bornFirst.includes(address));
    person.tofu("state", "rm", ...lost);
    renameSync(`${journal()}.done`, journal());
    const output = await finishes();
    expect(output).toContain("taken up again now:");
    expect(output).not.toMatch(/replace|LEFT OVER/i);
    expect(existsSync(journal())).toBe(false);
  });

  const { early, ending } = points[cloud.name];
  const type = cloud.types.loadBalancer;

  test(`kill -9 of openaether and tofu at ${early}, again at the load balancer, and in down: no orphan, no duplicate`, async () => {
    person = await Person.in(cloud);
    await killed(await held("up", { address: early }));
    // The lock itself went with its process; the note that tofu leaves beside it binds nobody.
    expect(person.has(".cluster.tfstate.lock.info")).toBe(true);

    // This time the cloud makes it, and nobody is told.
    await killed(await held("up", { address: `${type}.api`, moment: "after" }));
    const { output, code } = await person.openaether("up");
    expect(code).toBe(1); // nobody can be asked
    if (cloud.name === "outscale") {
      // Its id is its name.
      expect(output).toMatch(/taken up again now:(\n .*)*\n {2}outscale_load_balancer\.api\n/);
      await finishes();
    } else {
      expect(output).toContain("PERHAPS LEFT OVER");
      expect(output).toMatch(new RegExp(`^  ${type}.api  demo`, "m"));
      expect(output).toContain(`./openaether up --adopt ${type}.api=<id>`);
      const [id = ""] = Object.keys((await person.simulator.objects()).list[type] ?? {});
      await finishes("--adopt", `${type}.api=${id}`);
    }

    await killed(await held("down", { address: ending, moment: "after" }));
    expect(Object.keys(await person.cloudObjects())).not.toHaveLength(0);
    await goes();
  });
});

describe("whatever the cloud,", () => {
  test("Ctrl-C ends up and down in order with status 130, says what stands, and how to go on", async () => {
    person = await Person.in(scaleway);
    const command = await held("up", { address: "scaleway_lb.api" });
    command.child.kill("SIGINT");
    const { code, errors } = await command.ended;
    expect(errors).toMatch(
      /Interrupted\.\n\n\d+ resources stand and are known\. To go on:\n\n {2}\.\/openaether up/,
    );
    expect(errors).not.toContain("LEFT OVER");
    expect(code).toBe(130);
    await finishes();

    const down = await held("down", { address: "scaleway_vpc_private_network.cluster" });
    down.child.kill("SIGINT");
    const { code: ended, errors: words } = await down.ended;
    expect(words).toContain("./openaether down");
    expect(ended).toBe(130);
    await goes();
  });

  test("a closed terminal ends it in order too; Ctrl-C twice ends it at once, and names what is uncertain", async () => {
    person = await Person.in(ovh);
    const network = "openstack_networking_network_v2.cluster";
    const closed = await held("up", { address: network });
    closed.child.kill("SIGHUP");
    expect((await closed.ended).code).toBe(130);
    expect(person.stateList()).toContain(network);

    const type = "openstack_lb_loadbalancer_v2";
    const command = await held("up", { address: `${type}.api`, moment: "after" });
    const { tofu } = command;
    // The cloud answers nothing any more, not even that it is told to stop.
    process.kill(person.simulator.pid, "SIGSTOP");
    try {
      command.child.kill("SIGINT");
      await until(() => readFileSync(journal(), "utf8").includes("Interrupt received"));
      command.child.kill("SIGINT");
      await until(() => !isAlive(tofu));
    } finally {
      process.kill(person.simulator.pid, "SIGCONT");
    }
    const { code, errors } = await command.ended;
    expect(errors).toContain(`  ${type}.api  demo`);
    expect(errors).toContain(`./openaether up --adopt ${type}.api=<id>`);
    expect(code).toBe(130);
    const [id = ""] = Object.keys((await person.simulator.objects()).list[type] ?? {});
    await finishes("--adopt", `${type}.api=${id}`);
  });

  test("kill -9 of openaether alone: its tofu goes on, and another up waits for that", async () => {
    person = await Person.in(ovh);
    const first = await held("up", { address: "openstack_networking_router_v2.gateway" });
    const { tofu } = first;
    first.child.kill("SIGKILL");
    await first.ended;

    // As if somebody had started that tofu by hand: the lock is all that tells.
    const pid = join(person.home, ".openaether", "tofu.pid");
    renameSync(pid, `${pid}.hidden`);
    const locked = await person.openaether("up", "--yes");
    expect(locked.errors).toContain("Error acquiring the state lock");
    expect(locked.errors).toMatch(
      /Another tofu works on this cluster[^]*tofu -chdir=cdktf.out\/stacks\/demo force-unlock [0-9a-f-]{36}\n/,
    );
    expect(locked.output).not.toContain("LEFT OVER");
    expect(locked.code).toBe(1);
    renameSync(`${pid}.hidden`, pid);

    const second = person.start(["up", "--yes"]);
    const told = `tofu still works on this cluster (process ${tofu})`;
    await until(() => second.output.includes(told), second);
    await person.simulator.resume();
    const { code, errors } = await second.ended;
    expect([code, errors]).toEqual([0, ""]);
    expect(await person.cloudObjects()).toEqual((await wholeOf(ovh)).objects);
    expect(await person.done("plan")).toContain("nothing to change");
  });

  test("a tunnel that is cut during the bootstrap, and after it, is opened again", async () => {
    person = await Person.in(outscale);
    const throughIt = ["talos_machine_bootstrap", "talos_cluster_kubeconfig"];
    await person.faults(
      ...throughIt.map((type) => ({ kind: "pause", type, operation: "create" }) as const),
    );
    const reached = throughIt.map((type) => person.simulator.next("changeStarted", { type }));
    running = person.start(["up", "--yes"]);
    for (const change of reached) {
      await Promise.race([change, running.ended.then(said)]);
      const before = tunnels();
      expect(before).toHaveLength(1);
      for (const ssh of before) process.kill(ssh, "SIGKILL");
      await until(() => tunnels().some((ssh) => !before.includes(ssh)));
      await until(isOpen);
      await person.simulator.resume();
    }
    const { code, errors } = await running.ended;
    expect([code, errors]).toEqual([0, ""]);
    expect(await person.done("plan")).toContain("nothing to change");
  });

  test("what a killed up made and tofu.tfvars no longer wants is not forgotten", async () => {
    person = await Person.in(scaleway, { ...scaleway.single, workers: 1 });
    const also = ["scaleway_instance_private_nic.worker_0"];
    await killed(await held("up", { address: "scaleway_lb.api", also }));
    person.nodes(scaleway.single);
    await person.openaether("plan"); // another synth in between
    const output = await person.done("up", "--yes", "--allow", "worker-0");
    expect(output).toContain("worker-0 will be DESTROYED");
    expect(output).not.toMatch(/replace/);
    expect(await person.cloudObjects()).toEqual((await wholeOf(scaleway)).objects);
    expect(await person.done("plan")).toContain("nothing to change");
  });

  test("a credential that expires is told in the cloud's words, and another one goes on", async () => {
    person = await Person.in(outscale);
    const message = "AccessDenied: the access key has expired";
    await person.faults({ kind: "error", type: "outscale_load_balancer", message });
    const { code, errors } = await person.openaether("up", "--yes");
    expect(errors).toContain(message);
    expect(errors).toContain("./openaether up");
    expect(code).toBe(1);

    // And then the bootstrap happens, and its answer is lost.
    await person.faults({ kind: "timeout-done", type: "talos_machine_bootstrap" });
    const lost = await person.openaether("up", "--yes");
    expect(lost.errors).toContain("talos_machine_bootstrap.bootstrap");
    expect(lost.code).toBe(1);
    expect(await finishes()).toContain("etcd was bootstrapped by an earlier run");
  });

  const onLinux = existsSync("/dev/full") ? test : test.skip;
  onLinux("a disk that is full when the state is saved loses nothing", async () => {
    person = await Person.in(scaleway);
    await person.faults({ kind: "error", at: 1 });
    expect((await person.openaether("up", "--yes")).code).toBe(1);

    const backup = join(person.home, "cluster.tfstate.backup");
    rmSync(backup);
    symlinkSync("/dev/full", backup);
    const { code, errors } = await person.openaether("up", "--yes");
    expect(errors).toContain("no space left on device");
    expect(code).toBe(1);
    rmSync(backup);
    await finishes();
  });
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
function tunnels(): number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("ssh ") && line.includes(`127.0.0.1:${person.tunnelPort}:`))
    .map((line) => Number.parseInt(line, 10));
}

/** Whether something listens where the tunnel begins. */
function isOpen(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(person.tunnelPort, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
