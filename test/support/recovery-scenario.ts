import { expect } from "@jest/globals";
import { join } from "node:path";
import type { ChangeEvent, Fault, Operation } from "../../simulator/faults";
import { readJournal } from "../../src/tofu/journal";
import type { TestCloud } from "./clouds";
import { User, type Running } from "./command-line";
import { type Created, createdOn, keepCreated } from "./created";

/** How long to wait for something, in milliseconds, before it counts as never. */
const timeout = 90_000;

interface Paused {
  /** The resource: "scaleway_lb.api". */
  readonly address: string;
  readonly moment?: Fault["moment"];
  /** Additional addresses to wait for. */
  readonly also?: readonly string[];
}

/** A user whose commands are interrupted, and who runs them again. */
export class RecoveryScenario {
  private readonly running: Running[] = [];

  private constructor(readonly user: User) {}

  static async on(cloud: TestCloud, nodes?: object): Promise<RecoveryScenario> {
    return new RecoveryScenario(await User.in(cloud, nodes));
  }

  async end(): Promise<void> {
    for (const command of this.running) if (!command.isOver) command.child.kill("SIGKILL");
    await this.user.end();
  }

  /** Starts `openaether …`; it does not outlive the test. */
  start(...args: string[]): Running {
    const command = this.user.start(args);
    this.running.push(command);
    return command;
  }

  /** What a run without faults creates on this cloud: determined once. */
  expected(): Promise<Created> {
    return createdOn(this.user.cloud);
  }

  /** An `up` from nothing without faults, with which others are compared. */
  async baseline(): Promise<void> {
    await this.user.done("up", "--yes");
    await keepCreated(this.user);
  }

  /** A second run completes, and the cloud then has exactly what a run without faults creates. */
  async completes(...more: string[]): Promise<string> {
    const output = await this.user.done("up", "--yes", ...more);
    await this.expectComplete();
    return output;
  }

  /** @throws when the cloud does not have exactly what a run without faults creates */
  async expectComplete(): Promise<void> {
    expect(await this.user.cloudObjects()).toEqual((await this.expected()).objects);
    expect(await this.user.done("plan")).toContain("no changes");
  }

  /** `down` leaves nothing, in the cloud or in the state. */
  async isDestroyed(): Promise<void> {
    await this.user.done("down", "--name", "demo");
    expect(await this.user.cloudObjects()).toEqual({});
    expect(this.user.stateList()).toEqual([]);
  }

  /** The journal of a failed run. */
  get journal(): string {
    return join(this.user.home, ".openaether", "journal");
  }

  /**
   * Starts a command, and returns when one change is paused and everything that does not depend on
   * it is done: always the same situation.
   */
  async paused(command: "up" | "down", { address, moment, also = [] }: Paused): Promise<Running> {
    const { user } = this;
    const isUp = command === "up";
    const [type = ""] = address.split(".");
    const operation = isUp ? "create" : "delete";
    await user.faults({ kind: "pause", type, operation, ...(moment ? { moment } : {}) });
    const event = moment === "after" ? "changeDone" : "changeStarted";
    const reached = changeOf(user, event, type, operation);
    const { after } = await this.expected();
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
      // Resources of an earlier run are in the state at most.
      const state = isUp ? user.savedState() : new Map<string, unknown>();
      return free.every((other) => done.has(other) || state.has(other));
    }, running);
    return running;
  }

  /** Kills the command line and its tofu; the paused change is never done. */
  async kill(command: Running): Promise<void> {
    const { tofu } = command;
    command.child.kill("SIGKILL");
    process.kill(tofu, "SIGKILL");
    await command.ended;
    await this.user.simulator.kill();
    await this.user.startSimulator();
  }

  /** The id of the only object of a type in the cloud, as its console shows it. */
  async idInConsole(type: string): Promise<string> {
    const { list } = await this.user.simulator.objects();
    const [id, ...others] = Object.keys(list[type] ?? {});
    if (id === undefined || others.length > 0) throw new Error(`there is not one ${type}`);
    return id;
  }
}

/** The next change of a type, also of several that are reported at once. */
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

/** Polls until the condition holds. @throws when the command has ended before, or it takes too long */
export async function until(
  condition: () => boolean | Promise<boolean>,
  command: Running,
): Promise<void> {
  const limit = Date.now() + timeout;
  while (!(await condition())) {
    if (command.isOver) endedEarly(await command.ended);
    if (Date.now() > limit) throw new Error(`in vain:\n${command.output}\n${command.errors}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** An event during a command. @throws when the command has ended before */
export async function before<T>(command: Running, happens: Promise<T>): Promise<T> {
  return Promise.race([happens, command.ended.then(endedEarly)]);
}

function endedEarly({ output, errors }: { output: string; errors: string }): never {
  throw new Error(`it ended too soon:\n${output}\n${errors}`);
}
