import { answers, DeepCluster } from "../deep-cluster";
import { DeepUser } from "../deep-user";
import type { TestCloud } from "../../support/clouds";
import { broken, holds, identityOf, orphans, type Size, unplanned } from "./invariants";
import { type Choice, type Moment, Moments, stageOf } from "./moments";
import { Observer } from "./observer";
import type { Procedure } from "./procedures";
import { nodesOf, usual, variablesOf } from "./target";

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
  ) {}

  /** Process ids of killed runs. */
  private readonly killed = new Set<number>();
  /** Objects of the cloud by the numbers of nodes, as they were first seen. */
  private readonly objects = new Map<string, Readonly<Record<string, number>>>();

  static async create(cloud: TestCloud, changes: object = {}): Promise<SweptCluster> {
    const nodes = nodesOf(cloud, usual);
    const deep = await DeepCluster.create(cloud, nodes, { haste: 20, heartbeat: 1000 }, changes);
    await deep.cluster.up();
    await deep.until("complete", answers(usual.controlPlanes), 400);
    const wait = ["wait", "node", "--all", "--for=condition=Ready", "--timeout=10s"];
    await deep.until("ready", () => deep.answers(...wait), 400);
    const observer = await Observer.of(deep, () => undefined);
    const identity = await identityOf(observer.api);
    await observer.end();
    const swept = new SweptCluster(deep, new DeepUser(deep), identity);
    await swept.orphansAt(usual);
    return swept;
  }

  /**
   * Runs `up` until it ends by itself, interrupted at each moment of a choice.
   * @throws Broken with each invariant that was broken, and what was printed last
   */
  async sweep({ target, options }: Procedure, choice: Choice): Promise<Swept> {
    const { deep, user } = this;
    deep.cluster.edit(variablesOf(deep.cluster.cloud, target));
    const moments = await Moments.of(deep, choice);
    const observer = await Observer.of(deep, (what, node) => {
      moments.changed(what, node);
    });
    const repeated: string[] = [];
    const log: string[] = [];
    try {
      for (let failures = 0; failures < mostFailures;) {
        const run = await user.startGroup("up", "--yes", ...options);
        await moments.follow(run);
        const { code, output, errors } = await run.ended;
        const why = code === 0 || code === null ? "" : `: ${errors.trim().slice(0, 400)}`;
        choice.tell?.(`a run ended, exit status ${code}${why}`);
        if (code === null) this.killed.add(run.pid);
        const last = moments.made.at(-1);
        if (moments.wasStruck && last?.interruption === "Ctrl-C") {
          const more = output
            .slice(last.printed)
            .split("\n")
            .flatMap((line) => stageOf(line) ?? []);
          if (more.length > 0) throw new Error(`gone on with after Ctrl-C: ${more.join(", ")}`);
          const isHeld = await holds(observer.api, run.pid);
          if (isHeld) throw new Error("the lease is held after Ctrl-C");
        }
        const at = `${last?.interruption ?? ""} at ${last?.subject ?? "the beginning"}`;
        const struck = moments.wasStruck ? at : "not interrupted";
        log.push(`--- ${struck}, exit status ${code}\n${output.slice(-3000)}\n${errors}`);
        if (observer.violations.length > 0 || code === 0) break;
        failures = moments.wasStruck ? 0 : failures + 1;
        if (!moments.wasStruck) repeated.push(`${at}\n${output.slice(-1500)}\n${errors}`);
        if (failures === mostFailures) throw new Error("it does not recover");
      }
      await moments.end();
      const wrong = [
        ...observer.violations,
        ...(await broken(deep, observer, { ...target, killed: this.killed })),
        ...((await identityOf(observer.api)) === this.identity ? [] : ["bootstrapped again"]),
        ...(await this.orphansAt(target)),
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

  /** Objects of the cloud that are there more or less often than they were with as many nodes. */
  private async orphansAt({ controlPlanes, workers }: Size): Promise<string[]> {
    const size = `${controlPlanes}+${workers}`;
    const objects = await this.deep.cluster.cloudObjects();
    const before = this.objects.get(size) ?? objects;
    this.objects.set(size, before);
    return orphans(before, objects);
  }

  end(): Promise<void> {
    return this.deep.end();
  }
}
