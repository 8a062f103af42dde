import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Clock } from "../../clock";
import type { CloudFactory } from "../../clouds";
import type { Cloud } from "../../machines";
import { startSimulator, type Simulator } from "../../server";
import { Store } from "../../store";
import { tofuBinary } from "../../../test/support/tofu";

const run = promisify(execFile);

/** A working directory of the real tofu, against a simulated cloud of its own. */
export class Engine {
  private constructor(
    private readonly directory: string,
    private readonly simulator: Simulator,
    readonly store: Store,
    readonly cloud: Cloud,
  ) {}

  /** @param clock Slower than usual where a test depends on the order of events. */
  static async start(
    create: CloudFactory,
    configuration: string,
    options: object = {},
    clock = new Clock(),
  ): Promise<Engine> {
    const directory = mkdtempSync(join(tmpdir(), "cloud-engine-"));
    const world = { store: new Store(join(directory, "cloud.json")), clock };
    const { provider, cloud } = create(world, { lookalikeImages: false, ...options });
    const simulator = await startSimulator({ providers: [provider], clock });
    const engine = new Engine(directory, simulator, world.store, cloud);
    engine.write(configuration);
    return engine;
  }

  write(configuration: string): void {
    writeFileSync(join(this.directory, "main.tf"), configuration);
  }

  close(): void {
    this.simulator.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  apply(...args: string[]): Promise<string> {
    return this.tofu("apply", "-auto-approve", ...args);
  }

  destroy(): Promise<string> {
    return this.tofu("destroy", "-auto-approve");
  }

  /** The plan: "create", "update", "delete", "replace", by address; no entry for an unchanged resource. */
  async plan(...args: string[]): Promise<Record<string, string>> {
    await this.tofu("plan", "-out=plan", ...args);
    return this.planned();
  }

  /** The failure's output. */
  async failure(work: () => Promise<unknown>): Promise<string> {
    try {
      await work();
    } catch (error) {
      return String((error as { stderr?: string }).stderr).replaceAll(/[│╷╵\s]+/g, " ");
    }
    throw new Error("tofu did not fail");
  }

  async state(): Promise<Record<string, Record<string, unknown>>> {
    const shown = JSON.parse(await this.tofu("show", "-json")) as ShownState;
    const resources = shown.values?.root_module.resources ?? [];
    return Object.fromEntries(resources.map(({ address, values }) => [address, values]));
  }

  /** All planned values, and which of them are unknown, by address. */
  async plannedValues(): Promise<Record<string, { after: unknown; unknown: unknown }>> {
    await this.tofu("plan", "-out=plan");
    const { resource_changes: changes = [] } = await this.shownPlan();
    return Object.fromEntries(
      changes.map(({ address, change }) => [
        address,
        { after: change.after, unknown: change.after_unknown },
      ]),
    );
  }

  /** The planned actions, the attributes that force replacements, and the unknown values. */
  async plannedChanges() {
    await this.tofu("plan", "-out=plan");
    const { resource_changes: changes = [] } = await this.shownPlan();
    return Object.fromEntries(
      changes.map(({ address, change }) => [
        address,
        {
          actions: change.actions,
          replacedBy: change.replace_paths ?? [],
          unknown: change.after_unknown,
        },
      ]),
    );
  }

  private async shownPlan(): Promise<ShownPlan> {
    return JSON.parse(await this.tofu("show", "-json", "plan")) as ShownPlan;
  }

  private async planned(): Promise<Record<string, string>> {
    const shown = await this.shownPlan();
    return Object.fromEntries(
      (shown.resource_changes ?? [])
        .map(({ address, change }) => [address, change.actions.join("-")] as const)
        .filter(([, action]) => action !== "no-op" && action !== "read")
        .map(([address, action]) => [address, action === "delete-create" ? "replace" : action]),
    );
  }

  async tofu(...args: string[]): Promise<string> {
    const [command = "", ...rest] = args;
    const { stdout } = await run(tofuBinary(), [command, "-no-color", ...rest], {
      cwd: this.directory,
      maxBuffer: 2 ** 26,
      timeout: 50_000,
      env: {
        PATH: process.env.PATH,
        HOME: this.directory,
        TF_REATTACH_PROVIDERS: JSON.stringify(this.simulator.reattach),
        TF_CLI_CONFIG_FILE: "/dev/null",
        TF_INPUT: "0",
        TF_IN_AUTOMATION: "1",
        NO_COLOR: "1",
        CHECKPOINT_DISABLE: "1",
      },
    });
    return stdout;
  }
}

interface ShownState {
  values?: { root_module: { resources?: { address: string; values: Record<string, unknown> }[] } };
}

interface Change {
  actions: string[];
  after: unknown;
  after_unknown: unknown;
  replace_paths?: unknown;
}

interface ShownPlan {
  resource_changes?: { address: string; change: Change }[];
}
