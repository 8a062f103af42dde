import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../../simulator/faults";
import { readJournal } from "../../src/tofu/journal";
import { type TestCloud, testClouds } from "../support/clouds";
import { Person, type Running } from "../support/command-line";

const bornFirst = [
  "talos_machine_secrets.talos_config",
  "tls_private_key.bastion_boot",
  "terraform_data.for_life",
];

/** A rule that lets in the members of a group has no import id. */
const notImported = ["outscale_security_group_rule.nodes_from_nodes"];

/** What a whole cluster of one node is, in objects of each cloud: seen once, in a run of its own. */
const whole = new Map<string, Promise<Record<string, number>>>();

function wholeOf(cloud: TestCloud): Promise<Record<string, number>> {
  const known = whole.get(cloud.name) ?? seeWhole(cloud);
  whole.set(cloud.name, known);
  return known;
}

async function seeWhole(cloud: TestCloud): Promise<Record<string, number>> {
  const another = await Person.in(cloud);
  try {
    await another.done("up", "--yes");
    return await another.cloudObjects();
  } finally {
    await another.end();
  }
}

let person: Person;
let running: Running | undefined;

afterEach(async () => {
  running?.child.kill("SIGKILL");
  await person.end();
});
afterAll(() => Promise.all(whole.values()));

/** A re-run finishes, and the cloud then holds exactly what an undisturbed run makes. */
async function finishes(...more: string[]): Promise<string> {
  const output = await person.done("up", "--yes", ...more);
  expect(await person.cloudObjects()).toEqual(await wholeOf(person.cloud));
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

/** Addresses that are under way, as the journal has it. */
function underWay(): string {
  const open = new Set<string>();
  for (const { type, hook } of readJournal(journal())) {
    const address = hook?.resource?.addr ?? "";
    if (type === "apply_start") open.add(address);
    if (type === "apply_complete") open.delete(address);
  }
  return [...open].join(" ");
}

/** Starts a command, and returns when a change is held and nothing else goes on beside it. */
async function held(fault: Omit<Fault, "kind">, ...args: string[]): Promise<Running> {
  await person.faults({ ...fault, kind: "pause" });
  const { at, moment, ...change } = fault;
  const filter = change.type === undefined ? { ...change, number: at } : change;
  const event = moment === "after" ? "changeDone" : "changeStarted";
  const reached = person.simulator.next(event, filter);
  running = person.start(args);
  await reached;
  // What does not wait for the held change runs to its end: the same picture many times over.
  for (let same = 0, last = ""; same < 15;) {
    const now = underWay();
    same = now === last && now !== "" && !now.includes(" ") ? same + 1 : 0;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return running;
}

/** As hard as it gets: the command line and its tofu are gone, and what was held is never done. */
async function killed(command: Running): Promise<void> {
  const { tofu } = command;
  command.child.kill("SIGKILL");
  process.kill(tofu, "SIGKILL");
  await command.ended;
  await person.simulator.kill();
  await person.startSimulator();
}

describe.each(testClouds)("on $name", (cloud) => {
  test("whatever the state lost is imported by the journal's ids: nothing is made twice, no machine anew", async () => {
    person = await Person.in(cloud);
    await person.done("up", "--yes");
    const lost = person
      .stateList()
      .filter((address) => ![...bornFirst, ...notImported].includes(address));
    person.tofu("state", "rm", ...lost);
    renameSync(`${journal()}.done`, journal());
    const output = await finishes();
    expect(output).toContain("taken up again now:");
    expect(output).not.toMatch(/replace|LEFT OVER/i);
    expect(existsSync(journal())).toBe(false);
    await goes();
  });

  const [first, second, ofDown, ofInterrupt] = {
    scaleway: [6, 19, 5, 11],
    ovh: [13, 24, 12, 4],
    outscale: [9, 27, 18, 16],
  }[cloud.name];

  test.each([first, second])(
    "kill -9 of openaether and tofu in change %i of up: another up finishes, no orphan, no duplicate",
    async (at) => {
      person = await Person.in(cloud);
      await killed(await held({ at }, "up", "--yes"));
      // The lock itself went with its process; the note that tofu leaves beside it binds nobody.
      expect(person.has(".cluster.tfstate.lock.info")).toBe(true);
      await finishes();
      await goes();
    },
  );

  test(`kill -9 in change ${ofDown} of down: another down finishes`, async () => {
    person = await Person.in(cloud);
    await person.done("up", "--yes");
    await killed(await held({ at: ofDown }, "down", "--name", "demo"));
    expect(Object.keys(await person.cloudObjects())).not.toHaveLength(0);
    await goes();
  });

  test(`Ctrl-C in change ${ofInterrupt} of up ends it in order with status 130, says what stands, and up goes on`, async () => {
    person = await Person.in(cloud);
    const command = await held({ at: ofInterrupt }, "up", "--yes");
    command.child.kill("SIGINT");
    const { code, errors } = await command.ended;
    expect(errors).toMatch(
      /Interrupted\.\n\n\d+ resources stand and are known\. To go on:\n\n {2}\.\/openaether up/,
    );
    expect(errors).not.toContain("LEFT OVER");
    expect(code).toBe(130);
    await finishes();

    const ending = await held({ at: ofDown }, "down", "--name", "demo");
    ending.child.kill("SIGINT");
    const { code: ended, errors: words } = await ending.ended;
    expect(words).toContain("./openaether down");
    expect(ended).toBe(130);
    await goes();
  });

  test("a load balancer that the cloud made and nobody was told of is named, and taken up", async () => {
    person = await Person.in(cloud);
    const type = cloud.types.loadBalancer;
    await killed(await held({ type, operation: "create", moment: "after" }, "up", "--yes"));
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
      const [[id, balancer] = ["", {}]] = Object.entries(
        (await person.simulator.objects()).list[type] ?? {},
      );
      const zone = cloud.name === "scaleway" ? `${String(Object(balancer).zone)}/` : "";
      await finishes("--adopt", `${type}.api=${zone}${id}`);
    }
    await goes();
  });

  test("a bootstrap that happened though its answer was lost is imported, never done again", async () => {
    person = await Person.in(cloud);
    await person.faults({ kind: "timeout-done", type: "talos_machine_bootstrap" });
    const { code, errors } = await person.openaether("up", "--yes");
    expect(errors).toContain("talos_machine_bootstrap.bootstrap");
    expect(code).toBe(1);
    expect(await finishes()).toContain("etcd was bootstrapped by an earlier run");
  });
});

describe("of the command line alone:", () => {
  const [scaleway, ovh, outscale] = testClouds as [TestCloud, TestCloud, TestCloud];

  test("when it is killed, its tofu goes on; another up waits for that, and finds everything done", async () => {
    person = await Person.in(ovh);
    const first = await held({ at: 20 }, "up", "--yes");
    const { tofu } = first;
    first.child.kill("SIGKILL");
    await first.ended;
    const second = person.start(["up", "--yes"]);
    const told = new RegExp(`tofu still works on this cluster \\(process ${tofu}\\)`);
    while (!told.test(second.output)) await new Promise((next) => setTimeout(next, 20));
    await person.simulator.resume();
    const { code, errors } = await second.ended;
    expect([code, errors]).toEqual([0, ""]);
    expect(await person.cloudObjects()).toEqual(await wholeOf(ovh));
    await finishes();
  });

  test("a tunnel that is cut during the bootstrap is opened again", async () => {
    person = await Person.in(outscale);
    const type = "talos_machine_bootstrap";
    const command = await held({ type, operation: "create" }, "up", "--yes");
    const found = execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(`ssh `) && line.includes(`127.0.0.1:${person.tunnelPort}:`))
      .map((line) => Number.parseInt(line, 10));
    expect(found).toHaveLength(1);
    for (const ssh of found) process.kill(ssh, "SIGKILL");
    await person.simulator.resume();
    const { code, errors } = await command.ended;
    expect([code, errors]).toEqual([0, ""]);
    expect(await person.done("plan")).toContain("nothing to change");
  });

  test("what a killed up made and tofu.tfvars no longer wants is not forgotten", async () => {
    person = await Person.in(scaleway, { ...scaleway.single, workers: 1 });
    await killed(await held({ type: "scaleway_lb", operation: "create" }, "up", "--yes"));
    const journalText = readFileSync(journal(), "utf8");
    expect(journalText).toContain("scaleway_instance_server.worker_0");
    person.nodes(scaleway.single);
    await person.done("plan").catch(() => undefined); // another synth in between
    const output = await person.done("up", "--yes", "--allow", "worker-0");
    expect(output).toContain("worker-0 will be DESTROYED");
    expect(await person.cloudObjects()).toEqual(await wholeOf(scaleway));
    expect(await person.done("plan")).toContain("nothing to change");
  });
});
