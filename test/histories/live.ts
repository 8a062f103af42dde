import { essence } from "../faults/essence";
import { type Kind, kindsOf } from "../faults/kinds";
import { Scenario, type Intent } from "../faults/scenario";
import { cloudNamed } from "../faults/sweep";
import { Facts, soundly } from "./facts";
import type { Deed, History, PlannedFault } from "./history";
import { tunnelCut } from "./names";
import { sshKeyPair } from "../../simulator/utility/ssh-key-pair";

/** How often a user runs the same again before asking for help. */
const patience = 5;
const elevenMonths = 335 * 24 * 3600 * 1000;
const admins = ["203.0.113.7", ["203.0.113.7", "192.0.2.0/25"], ["198.51.100.9", "203.0.113.7"]];
const talosVersions = ["v1.13.9", "v1.13.10", "v1.13.11"];
const kubernetesVersions = ["v1.36.3", "v1.36.4", "v1.36.5"];

/**
 * Runs a history. Each step is repeated until it succeeds, and the invariants are checked.
 * @throws Error with the first violation, and everything printed until then
 */
export async function live(history: History): Promise<void> {
  const cloud = cloudNamed(history.cloud);
  const life = await Scenario.on(cloud, { ...cloud.single, control_planes: history.controlPlanes });
  const lived = new Lived(life, history.controlPlanes);
  try {
    await lived.step("made", {}, history.birth);
    for (const { deed, mishap } of history.steps) {
      await lived.do(deed);
      await lived.step(deed, { isDestroy: deed === "destroy" }, mishap);
    }
    await lived.step("destroy", { isDestroy: true }, history.end);
  } finally {
    await life.end();
  }
}

class Lived {
  private readonly facts: Facts;
  private workers = 0;
  private admins = 0;
  private talos = 0;
  private kubernetes = 0;
  private readonly firstKey: string;

  constructor(
    private readonly life: Scenario,
    private controlPlanes: number,
  ) {
    this.facts = new Facts(life);
    this.firstKey = life.bastionKey;
  }

  /** Changes the input, or advances the clock. */
  async do(deed: Deed): Promise<void> {
    const { life } = this;
    if (deed === "a worker more") this.workers += 1;
    if (deed === "a worker less") this.workers = Math.max(0, this.workers - 1);
    if (deed === "two control planes more") this.controlPlanes = 3;
    life.person.nodes({
      ...life.cloud.single,
      control_planes: this.controlPlanes,
      workers: this.workers,
    });
    if (deed === "other admins") life.edit({ admin_ip: admins[++this.admins % admins.length] });
    if (deed === "other bastion keys") {
      const { public: another } = sshKeyPair();
      life.edit({ bastion_ssh_keys: { [life.cloud.name]: [this.firstKey, another] } });
    }
    if (deed === "a newer Talos") {
      life.edit({ talos_version: talosVersions[++this.talos % talosVersions.length] });
    }
    if (deed === "a newer Kubernetes") {
      const next = kubernetesVersions[++this.kubernetes % kubernetesVersions.length];
      life.edit({ kubernetes_version: next });
    }
    if (deed === "eleven months pass") await life.later(elevenMonths);
  }

  /** Runs an operation, with a fault or without, and repeats it until it succeeds. */
  async step(name: string, wish: Intent, mishap: PlannedFault | undefined): Promise<void> {
    const isCut = mishap?.fault === tunnelCut;
    if (isCut) this.life.tunnel.isNext = true;
    const kind = isCut ? undefined : kindNamed(kindsOf(this.life.cloud), mishap);
    let last = await this.life.run(wish, kind, { at: mishap?.at ?? 0 });
    soundly(name, this.facts.afterRun(wish));
    for (let again = 0; last.code !== 0 && again < patience; again++) {
      last = await this.life.run(wish);
      soundly(name, this.facts.afterRun(wish));
    }
    const told = this.life.said.slice(-3).map(essence).join("\n---\n");
    if (last.code !== 0) throw new Error(`${name}: it does not come to its end:\n${told}`);
    soundly(name, await this.facts.afterStep(wish));
  }
}

function kindNamed(kinds: readonly Kind[], mishap: PlannedFault | undefined): Kind | undefined {
  if (mishap === undefined) return undefined;
  const found = kinds.find(({ name }) => name === mishap.fault);
  if (found === undefined) throw new Error(`no fault ${mishap.fault}`);
  return found;
}
