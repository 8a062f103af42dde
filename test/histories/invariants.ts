import type { Scenario, Intent } from "../faults/scenario";
import { resourcesIn } from "../faults/state";

/** Objects that come with machines and load balancers: deleted with them. */
const comesAlong = /^(scaleway_block_volume|openstack_networking_port_v2|outscale_volume)$/;
/** What every network, or project, has by itself: its default group with its rules, its main route table. */
const ownOfCloud: Readonly<Record<string, number>> = {
  openstack_networking_secgroup_v2: 1,
  openstack_networking_secgroup_rule_v2: 6,
  outscale_route_table: 1,
  outscale_security_group: 1,
};
/** Secrets in the state: types and attributes. */
const secretAttributes: readonly (readonly [type: string, attribute: string])[] = [
  ["talos_machine_secrets", "machine_secrets"],
  ["tls_private_key", "private_key_pem"],
  ["tls_private_key", "private_key_openssh"],
  ["talos_cluster_kubeconfig", "kubeconfig_raw"],
];
/** Shorter strings are names, not keys. */
const leastLength = 24;

/** @throws Error with every problem */
export function throwIfAny(step: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`after "${step}": ${problems.join("; ")}`);
}

/** Invariants of a cluster; each check returns what is violated. */
export class Invariants {
  /** Ids of control planes, and addresses, as of the last successful run. */
  private controlPlanes = new Map<string, string>();
  private addresses = new Map<string, string>();
  private secrets = new Set<string>();
  private printedUntil = 0;

  constructor(private readonly scenario: Scenario) {}

  /** After every run, whatever its result. */
  afterRun({ isDestroy = false }: Intent): string[] {
    for (const secret of this.secretsNow()) this.secrets.add(secret);
    return [...(isDestroy ? [] : this.controlPlanesGone()), ...this.secretsPrinted()];
  }

  /** After a successful run. */
  async afterStep(intent: Intent): Promise<string[]> {
    const problems: string[] = [];
    const planned = await this.scenario.changesPlanned(intent);
    if (planned.length > 0) problems.push(`not converged: ${planned.join(", ")}`);
    problems.push(...this.secretsPrinted());
    if (intent.isDestroy === true) {
      const left = await this.scenario.user.cloudObjects();
      if (Object.keys(left).length > 0) problems.push(`left over: ${JSON.stringify(left)}`);
      this.controlPlanes = new Map();
      this.addresses = new Map();
      await this.scenario.forgetBootstraps();
      return problems;
    }
    const bootstraps = await this.scenario.bootstraps();
    if (bootstraps !== 1) problems.push(`bootstrapped ${bootstraps} times`);
    problems.push(...(await this.unknownObjects()), ...(await this.moved()));
    this.controlPlanes = this.controlPlanesNow();
    return problems;
  }

  /** Of those that existed after the last successful run, at most one may have been replaced. */
  private controlPlanesGone(): string[] {
    const now = this.controlPlanesNow();
    const gone = [...this.controlPlanes].filter(([name, id]) => now.get(name) !== id);
    return gone.length > 1 ? [`gone at once: ${gone.map(([name]) => name).join(", ")}`] : [];
  }

  private controlPlanesNow(): Map<string, string> {
    const prefix = `${this.scenario.cloud.types.server}.control_plane_`;
    return new Map([...this.scenario.ids()].filter(([address]) => address.startsWith(prefix)));
  }

  /** Objects of the cloud that no state has: created twice, or forgotten. */
  private async unknownObjects(): Promise<string[]> {
    const types = [...this.scenario.ids().keys()].map((address) => address.split(".")[0]);
    return Object.entries(await this.scenario.user.cloudObjects()).flatMap(([kind, count]) => {
      const known = types.filter((type) => type === kind).length + (ownOfCloud[kind] ?? 0);
      return comesAlong.test(kind) || count === known ? [] : [`${count} ${kind} for ${known}`];
    });
  }

  /** Public and private addresses have not changed. */
  private async moved(): Promise<string[]> {
    const { cloud } = this.scenario;
    const nodes = await this.scenario.user.simulator.nodes();
    const now = new Map(nodes.map(({ name, address }) => [name, address]));
    for (const [address, attribute] of [cloud.apiAddress, cloud.bastionAddress]) {
      now.set(address, String(this.resource(address)?.[attribute]));
    }
    const moved = [...this.addresses].filter(([name, was]) => (now.get(name) ?? was) !== was);
    this.addresses = now;
    return moved.map(([name, was]) => `${name} was ${was}, is ${now.get(name) ?? ""}`);
  }

  private secretsPrinted(): string[] {
    const fresh = this.scenario.printedAll.slice(this.printedUntil).join("\n");
    this.printedUntil = this.scenario.printedAll.length;
    const isPrinted = [...this.secrets].some((secret) => fresh.includes(secret));
    return isPrinted ? ["a secret was printed"] : [];
  }

  private secretsNow(): string[] {
    return this.resources.flatMap(({ type, attributes }) =>
      secretAttributes
        .filter(([of]) => of === type)
        .flatMap(([, attribute]) => stringsIn(attributes[attribute]))
        .flatMap((text) => text.split("\n"))
        .filter((line) => line.length >= leastLength && !line.startsWith("-----")),
    );
  }

  private resource(address: string): Readonly<Record<string, unknown>> | undefined {
    return this.resources.find((one) => one.address === address)?.attributes;
  }

  private get resources() {
    return resourcesIn(this.scenario.user.home);
  }
}

/** Every string in a value. */
function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
