import { expect } from "@jest/globals";
import { join } from "node:path";
import type { ChangeEvent, Fault, Operation } from "../../simulator/faults";
import { readJournal } from "../../src/tofu/journal";
import type { TestCloud } from "./clouds";
import { User, type Running } from "./command-line";

/** How long something is waited for, in milliseconds, before it counts as never. */
const patience = 90_000;

/** What an undisturbed `up` of one node makes. */
interface Whole {
  /** Objects of the cloud, by kind. */
  readonly objects: Record<string, number>;
  /** What each resource comes after, near and far, as tofu's state has it. */
  readonly after: ReadonlyMap<string, readonly string[]>;
}

const known = new Map<string, Promise<Whole>>();

interface Held {
  /** The resource: "scaleway_lb.api". */
  readonly address: string;
  readonly moment?: Fault["moment"];
  /** Waited for besides. */
  readonly also?: readonly string[];
}

/** A person whose commands are interrupted, and who goes on. */
export class Story {
  private readonly running: Running[] = [];

  private constructor(readonly person: User) {}

  static async on(cloud: TestCloud, nodes?: object): Promise<Story> {
    return new Story(await User.in(cloud, nodes));
  }

  async end(): Promise<void> {
    for (const command of this.running) if (!command.isOver) command.child.kill("SIGKILL");
    await this.person.end();
  }

  /** Starts `openaether …`; it does not outlive the story. */
  start(...args: string[]): Running {
    const command = this.person.start(args);
    this.running.push(command);
    return command;
  }

  /** What an undisturbed run makes on this cloud: seen once. */
  whole(): Promise<Whole> {
    const { cloud } = this.person;
    const whole = known.get(cloud.name) ?? seeWhole(cloud);
    known.set(cloud.name, whole);
    return whole;
  }

  /** An `up` from nothing to the end that nothing disturbs, for others to be measured by. */
  async undisturbed(): Promise<void> {
    await this.person.done("up", "--yes");
    known.set(this.person.cloud.name, Promise.resolve(await wholeOf(this.person)));
  }

  /** A re-run finishes, and the cloud then holds exactly what an undisturbed run makes. */
  async finishes(...more: string[]): Promise<string> {
    const output = await this.person.done("up", "--yes", ...more);
    await this.isWhole();
    return output;
  }

  /** @throws when the cloud does not hold exactly what an undisturbed run makes */
  async isWhole(): Promise<void> {
    expect(await this.person.cloudObjects()).toEqual((await this.whole()).objects);
    expect(await this.person.done("plan")).toContain("no changes");
  }

  /** `down` leaves nothing, in the cloud or in the state. */
  async goes(): Promise<void> {
    await this.person.done("down", "--name", "demo");
    expect(await this.person.cloudObjects()).toEqual({});
    expect(this.person.stateList()).toEqual([]);
  }

  /** The journal of a run that did not end well. */
  get journal(): string {
    return join(this.person.home, ".openaether", "journal");
  }

  /**
   * Starts a command, and returns when one change is held and everything that does not wait for it
   * is done: the same picture every time.
   */
  async held(command: "up" | "down", { address, moment, also = [] }: Held): Promise<Running> {
    const { person } = this;
    const isUp = command === "up";
    const [type = ""] = address.split(".");
    const operation = isUp ? "create" : "delete";
    await person.faults({ kind: "pause", type, operation, ...(moment ? { moment } : {}) });
    const event = moment === "after" ? "changeDone" : "changeStarted";
    const reached = changeOf(person, event, type, operation);
    const { after } = await this.whole();
    if (!after.has(address)) throw new Error(`there is no ${address}`);
    const comesAfter = (later: string, sooner: string) =>
      after.get(later)?.includes(sooner) ?? false;
    const free = [...after.keys(), ...also].filter(
      (other) =>
        other !== address && !(isUp ? comesAfter(other, address) : comesAfter(address, other)),
    );
    const running = isUp ? this.start("up", "--yes") : this.start("down", "--name", "demo");
    await before(running, reached);
    await until(() => {
      const done = new Set(
        readJournal(this.journal).flatMap(({ type, hook }) =>
          type === "apply_complete" && hook?.action === operation ? hook.resource?.addr : [],
        ),
      );
      // What an earlier run has made is in the state at most.
      const state = isUp ? person.savedState() : new Map<string, unknown>();
      return free.every((other) => done.has(other) || state.has(other));
    }, running);
    return running;
  }

  /** As hard as it gets: the command line and its tofu are gone, and what was held is never done. */
  async killed(command: Running): Promise<void> {
    const { tofu } = command;
    command.child.kill("SIGKILL");
    process.kill(tofu, "SIGKILL");
    await command.ended;
    await this.person.simulator.kill();
    await this.person.startSimulator();
  }

  /** The id of the only object of a type that the cloud has, as its console shows it. */
  async idInConsole(type: string): Promise<string> {
    const { list } = await this.person.simulator.objects();
    const [id, ...others] = Object.keys(list[type] ?? {});
    if (id === undefined || others.length > 0) throw new Error(`there is not one ${type}`);
    return id;
  }
}

async function seeWhole(cloud: TestCloud): Promise<Whole> {
  const another = await User.in(cloud);
  try {
    await another.done("up", "--yes");
    return await wholeOf(another);
  } finally {
    await another.end();
  }
}

async function wholeOf(person: User): Promise<Whole> {
  return { objects: await person.cloudObjects(), after: person.savedState() };
}

/** The next change of a type, also of several that are told in one breath. */
export function changeOf(
  { simulator }: User,
  event: ChangeEvent,
  type: string,
  operation: Operation = "create",
): Promise<void> {
  return new Promise((resolve) => {
    const end = simulator.onChange(event, (change) => {
      if (change.type !== type || change.operation !== operation) return;
      end();
      resolve();
    });
  });
}

/** Looks until it is so. @throws when the command has ended before, or it takes too long */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  command: Running,
): Promise<void> {
  const limit = Date.now() + patience;
  while (!(await isSo())) {
    if (command.isOver) tooSoon(await command.ended);
    if (Date.now() > limit) throw new Error(`in vain:\n${command.output}\n${command.errors}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** What happens while a command runs. @throws when the command has ended before */
export async function before<T>(command: Running, happens: Promise<T>): Promise<T> {
  return Promise.race([happens, command.ended.then(tooSoon)]);
}

function tooSoon({ output, errors }: { output: string; errors: string }): never {
  throw new Error(`it ended too soon:\n${output}\n${errors}`);
}
