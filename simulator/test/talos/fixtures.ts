import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Clock } from "../../clock";
import type { Cloud, Machine } from "../../machines";
import type { ApplyContext, Values } from "../../protocol/model";
import { plan, type Plan } from "../../protocol/planning";
import { Store } from "../../store";
import { createTalosProvider } from "../../talos";
import { stringOf } from "../../talos/values";
import type { World } from "../../world";

/** A clock whose date a test can advance; waits take a ten-thousandth. */
export class MovableClock extends Clock {
  private offset = 0;

  constructor() {
    super(0.0001);
  }

  override now(): Date {
    return new Date(Date.now() + this.offset);
  }

  advanceDays(days: number): void {
    this.offset += days * 24 * 3_600_000;
  }
}

export function createWorld(): World & { clock: MovableClock } {
  const directory = mkdtempSync(join(tmpdir(), "talos-"));
  return { store: new Store(join(directory, "world.json")), clock: new MovableClock() };
}

/** A cloud that is a list of machines. */
export class ListedCloud implements Cloud {
  readonly name = "listed";
  readonly list: Machine[] = [];

  machines(): Machine[] {
    return [...this.list];
  }

  add(machine: Partial<Machine> & { name: string }): Machine {
    const whole = {
      id: `${machine.name}-${this.list.length}`,
      running: true,
      image: "talos-v1.13.3",
      problems: [],
      ...machine,
    };
    this.list.push(whole);
    return whole;
  }
}

/** The provider as tests use it: small keys. */
export function providerOf(world: World, grace = 10_000) {
  return createTalosProvider(world, { serviceAccountKeyBits: 2048, grace });
}

export function applyContext(world: World, config: Values = {}): ApplyContext {
  return {
    config,
    wait: async (milliseconds) => world.clock.wait(milliseconds),
    warn: () => undefined,
    exists: () => undefined,
  };
}

/** Plans as tofu does when the configuration sets nothing but these. */
export function planOf(world: World, type: string, prior: Values | null, config: Values): Plan {
  const provider = providerOf(world);
  const { block } = provider.schema.resource_schemas![type]!;
  const computed = (name: string) => block.attributes![name]!.computed === true;
  const complete = Object.fromEntries(
    Object.keys(block.attributes!).map((name) => [name, config[name] ?? null]),
  );
  const proposed = Object.fromEntries(
    Object.entries(complete).map(([name, value]) => [
      name,
      value === null && computed(name) ? (prior?.[name] ?? null) : value,
    ]),
  );
  return plan(block, provider.resources[type]!, { prior, config: complete, proposed });
}

export async function createSecrets(world: World): Promise<Values> {
  const model = providerOf(world).resources.talos_machine_secrets!;
  return model.create({ talos_version: "v1.13" }, applyContext(world));
}

export interface RenderOptions {
  readonly role?: "controlplane" | "worker";
  readonly talos?: string;
  readonly kubernetes?: string;
  readonly patches?: readonly string[];
}

/** What the data source renders for a cluster named "rehearsal". */
export async function render(
  world: World,
  secrets: Values,
  {
    role = "controlplane",
    talos = "v1.13",
    kubernetes = "1.36.3",
    patches = [],
  }: RenderOptions = {},
): Promise<string> {
  const model = providerOf(world).dataSources.talos_machine_configuration!;
  const config = {
    cluster_name: "rehearsal",
    cluster_endpoint: "https://51.15.1.2:6443",
    machine_type: role,
    machine_secrets: secrets.machine_secrets!,
    talos_version: talos,
    kubernetes_version: kubernetes,
    config_patches: [...patches],
  };
  const state = await model.read(config, applyContext(world));
  return stringOf(state.machine_configuration);
}
