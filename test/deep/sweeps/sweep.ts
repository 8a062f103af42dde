import { answers, DeepCluster } from "../deep-cluster";
import { DeepUser } from "../deep-user";
import type { TestCloud } from "../../support/clouds";
import { broken, holds, identityOf, orphans, unplanned } from "./invariants";
import { type Choice, type Moment, Moments } from "./moments";
import { Observer } from "./observer";
import { nodesOf, type Procedure, usualSize } from "./procedures";

/** What a sweep of one procedure found. */
export interface Swept {
  readonly moments: readonly Moment[];
  /** Moments that there were, interrupted or not. */
  readonly count: number;
  /** Runs that failed without being interrupted, before another one went on. */
  readonly repeated: readonly string[];
  /** In milliseconds, without a write to the API. */
  readonly longestGap: number;
}

/** What was found that must not be. */
export class Broken extends Error {
  constructor(
    message: string,
    /** Those that were interrupted until then: the last one is the cause. */
    readonly moments: readonly Moment[],
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Runs in a row that fail without being interrupted: then it does not recover. */
const mostFailures = 3;

/** A cluster with real programs, whose procedures are interrupted. */
export class SweptCluster {
  private constructor(
    readonly deep: DeepCluster,
    private readonly user: DeepUser,
    private readonly identity: string,
    private readonly objects: Readonly<Record<string, number>>,
  ) {}

  static async create(cloud: TestCloud, changes: object = {}): Promise<SweptCluster> {
    const nodes = nodesOf(cloud, usualSize);
    const deep = await DeepCluster.create(cloud, nodes, { haste: 20, heartbeat: 1000 }, changes);
    await deep.cluster.up();
    await deep.until("complete", answers(usualSize.controlPlanes), 400);
    const wait = ["wait", "node", "--all", "--for=condition=Ready", "--timeout=10s"];
    await deep.until("ready", () => deep.answers(...wait), 400);
    const observer = await Observer.of(deep, () => undefined);
    const identity = await identityOf(observer.api);
    await observer.end();
    return new SweptCluster(deep, new DeepUser(deep), identity, await deep.cluster.cloudObjects());
  }

  /**
   * Runs `up` until it ends by itself, interrupted at each moment of a choice.
   * @throws Broken with each invariant that was broken, and what was printed last
   */
  async sweep({ edit, options, size }: Procedure, choice: Choice): Promise<Swept> {
    const { deep, user } = this;
    deep.cluster.edit(edit);
    const moments = await Moments.of(deep, choice);
    const observer = await Observer.of(deep, (what, node) => {
      moments.changed(what, node);
    });
    const repeated: string[] = [];
    const log: string[] = [];
    const killed = new Set<number>();
    try {
      for (let failures = 0; failures < mostFailures;) {
        const run = await user.startGroup("up", "--yes", ...options);
        await moments.follow(run);
        const { code, output, errors } = await run.ended;
        choice.tell?.(`a run ended, exit status ${code}`);
        if (code === null) killed.add(run.pid);
        if (moments.wasStruck && moments.made.at(-1)?.interruption === "Ctrl-C") {
          const isHeld = await holds(observer.api, run.pid);
          if (isHeld) throw new Error("the lease is held after Ctrl-C");
        }
        const last = moments.made.at(-1);
        const at = `${last?.interruption ?? ""} at ${last?.subject ?? "the beginning"}`;
        const struck = moments.wasStruck ? at : "not interrupted";
        log.push(`--- ${struck}, exit status ${code}\n${output.slice(-3000)}\n${errors}`);
        if (observer.violations.length > 0 || code === 0) break;
        failures = moments.wasStruck ? 0 : failures + 1;
        // Why is for whoever reads it.
        if (!moments.wasStruck) repeated.push(`${at}\n${output.slice(-1500)}\n${errors}`);
        if (failures === mostFailures) throw new Error("it does not recover");
      }
      await moments.end();
      const isUsual = size.controlPlanes === usualSize.controlPlanes;
      const wrong = [
        ...observer.violations,
        ...(await broken(deep, observer, { ...size, killed })),
        ...((await identityOf(observer.api)) === this.identity ? [] : ["bootstrapped again"]),
        ...(isUsual ? orphans(this.objects, await deep.cluster.cloudObjects()) : []),
        ...(await unplanned(user)),
      ];
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
      const { made, count } = moments;
      return { moments: made, count, repeated, longestGap: observer.longestGap };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const made = moments.made
        .map(({ subject, interruption }) => `  ${interruption} at ${subject}`)
        .join("\n");
      const message = `${text}\n\n${made}\n\n${log.slice(-3).join("\n")}`;
      throw new Broken(message, moments.made, { cause: error });
    } finally {
      await moments.end();
      await observer.end();
    }
  }

  end(): Promise<void> {
    return this.deep.end();
  }
}
