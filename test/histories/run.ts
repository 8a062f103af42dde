import { essence } from "../faults/essence";
import { type Kind, kindsOf } from "../faults/kinds";
import { Scenario, type Intent } from "../faults/scenario";
import { cloudNamed } from "../faults/sweep";
import { Invariants, throwIfAny } from "./invariants";
import type { UserOperation, History, FaultPoint } from "./history";
import { tunnelCut } from "./names";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

/** How often a user runs the same again before asking for help. */
const maxRetries = 5;
const elevenMonths = 335 * 24 * 3600 * 1000;
const admins = ["203.0.113.7", ["203.0.113.7", "192.0.2.0/25"], ["198.51.100.9", "203.0.113.7"]];
const talosVersions = ["v1.14.1", "v1.14.2", "v1.14.3"];
const kubernetesVersions = ["v1.37.1", "v1.37.2", "v1.37.3"];

/**
 * Runs a history. Each step is repeated until it succeeds, and the invariants are checked.
 * @throws Error with the first violation, and everything printed until then
 */
export async function runHistory(history: History): Promise<void> {
  const cloud = cloudNamed(history.cloud);
  const scenario = await Scenario.on(cloud, {
    ...cloud.single,
    control_planes: history.controlPlanes,
  });
  const run = new HistoryRun(scenario, history.controlPlanes);
  try {
    await run.step("made", {}, history.creationFault);
    for (const { operation: operation, faultPoint: faultPoint } of history.steps) {
      await run.do(operation);
      await run.step(operation, { isDestroy: operation === "destroy" }, faultPoint);
    }
    await run.step("destroy", { isDestroy: true }, history.destructionFault);
  } finally {
    await scenario.end();
  }
}

class HistoryRun {
  private readonly invariants: Invariants;
  private workers = 0;
  private admins = 0;
  private talos = 0;
  private kubernetes = 0;
  private readonly firstKey: string;

  constructor(
    private readonly scenario: Scenario,
    private controlPlanes: number,
  ) {
    this.invariants = new Invariants(scenario);
    this.firstKey = scenario.bastionKey;
  }

  /** Changes the input, or advances the clock. */
  async do(operation: UserOperation): Promise<void> {
    const { scenario } = this;
    if (operation === "a worker more") this.workers += 1;
    if (operation === "a worker less") this.workers = Math.max(0, this.workers - 1);
    if (operation === "two control planes more") this.controlPlanes = 3;
    scenario.user.nodes({
      ...scenario.cloud.single,
      control_planes: this.controlPlanes,
      workers: this.workers,
    });
    if (operation === "other admins")
      scenario.edit({ admin_ip: admins[++this.admins % admins.length] });
    if (operation === "other bastion keys") {
      const { public: another } = sshKeyPair();
      scenario.edit({ bastion_ssh_keys: { [scenario.cloud.name]: [this.firstKey, another] } });
    }
    if (operation === "a newer Talos") {
      scenario.edit({ talos_version: talosVersions[++this.talos % talosVersions.length] });
    }
    if (operation === "a newer Kubernetes") {
      const next = kubernetesVersions[++this.kubernetes % kubernetesVersions.length];
      scenario.edit({ kubernetes_version: next });
    }
    if (operation === "eleven months pass") await scenario.later(elevenMonths);
  }

  /** Runs an operation, with a fault or without, and repeats it until it succeeds. */
  async step(name: string, intent: Intent, faultPoint: FaultPoint | undefined): Promise<void> {
    const isCut = faultPoint?.fault === tunnelCut;
    if (isCut) this.scenario.tunnel.isNext = true;
    const kind = isCut ? undefined : kindNamed(kindsOf(this.scenario.cloud), faultPoint);
    let last = await this.scenario.run(intent, kind, { at: faultPoint?.at ?? 0 });
    throwIfAny(name, this.invariants.afterRun(intent));
    for (let again = 0; last.code !== 0 && again < maxRetries; again++) {
      last = await this.scenario.run(intent);
      throwIfAny(name, this.invariants.afterRun(intent));
    }
    const log = this.scenario.printedAll.slice(-3).map(essence).join("\n---\n");
    if (last.code !== 0) throw new Error(`${name}: it does not complete:\n${log}`);
    throwIfAny(name, await this.invariants.afterStep(intent));
  }
}

function kindNamed(kinds: readonly Kind[], faultPoint: FaultPoint | undefined): Kind | undefined {
  if (faultPoint === undefined) return undefined;
  const found = kinds.find(({ name }) => name === faultPoint.fault);
  if (found === undefined) throw new Error(`no fault ${faultPoint.fault}`);
  return found;
}
