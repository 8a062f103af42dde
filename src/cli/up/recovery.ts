import type { NotImported, Recovery as Row } from "../../../constructs/recovery";
import { UserError } from "../../errors";
import type { Cluster } from "../cluster/cluster";
import { Configuration } from "./configuration";
import { goneByNow } from "./departed";
import { fillIn } from "./fill-in";
import { importAll, type Wanted } from "./importing";
import { type LeftBehind, type Lost, nothing } from "./left-behind";
import { StateView } from "./state-view";
import { Workbench } from "./workbench";

/** What came of taking it up again. */
export interface BroughtBack {
  readonly imported: readonly string[];
  /** Made, and not imported: with the words of why not. */
  readonly refused: readonly { readonly address: string; readonly id: string; words: string }[];
  /** Perhaps made; what it is called in the cloud, or what it is a part of, where either has a name. */
  readonly unknown: readonly { readonly address: string; readonly name: string | undefined }[];
}

/**
 * Imports what the state lost, and of what was under way whatever can be found by its configuration
 * alone. What is no longer in the configuration is imported as it was configured then.
 */
export async function bringBack(cluster: Cluster, left: LeftBehind): Promise<BroughtBack> {
  const bench = Workbench.of(cluster);
  try {
    return await new Recovery(cluster, bench, left).carryOut();
  } finally {
    bench.end();
  }
}

class Recovery {
  private readonly configuration: Configuration;
  private readonly ids: ReadonlyMap<string, string>;
  private readonly imported: string[] = [];
  /** What cannot be imported. */
  private readonly written: Lost[] = [];
  /** What cannot be imported either, and perhaps is not there: ids by address. */
  private readonly supposed = new Map<string, string>();
  private readonly refused: { address: string; id: string; words: string }[] = [];
  private readonly unknown: { address: string; name: string | undefined }[] = [];

  constructor(
    private readonly cluster: Cluster,
    private readonly bench: Workbench,
    private readonly left: LeftBehind,
  ) {
    this.configuration = Configuration.of(cluster);
    this.ids = new Map(left.made.map(({ address, id }) => [address, id]));
  }

  async carryOut(): Promise<BroughtBack> {
    const { made, underWay } = this.left;
    const replaced = made.filter(({ replaces }) => replaces).map(({ address }) => address);
    if (replaced.length > 0) await this.cluster.removeFromState(replaced);
    await this.takeMade(made.filter(({ address }) => this.rowOf(address)?.importId !== "none"));
    await this.takeUnderWay(underWay);
    const supposed = [...this.supposed].map(([address, id]) => ({ address, id }));
    const kept = await fillIn(this.cluster, this.bench, this.imported, [
      ...this.written,
      ...supposed,
    ]);
    for (const { address, id } of this.written) {
      if (kept.includes(address)) this.imported.push(address);
      else this.refused.push({ address, id, words: "it cannot be imported" });
    }
    await this.ascertain(kept);
    const { imported, refused, unknown } = this;
    return { imported, refused, unknown };
  }

  /** Some ids are made of attributes that are known only when others are taken up: so, in rounds. */
  private async takeMade(lost: readonly Lost[]): Promise<void> {
    if (lost.length === 0) return;
    const state = await StateView.of(this.cluster);
    const rest: Lost[] = [];
    const wanted: Wanted[] = [];
    for (const one of lost) {
      const importId = this.importId(one.address, state, one.id);
      if (typeof importId !== "string") rest.push(one);
      else wanted.push({ address: one.address, importId });
    }
    if (wanted.length === 0) {
      this.written.push(...rest);
      return;
    }
    const refused = await importAll(this.cluster, this.bench, wanted);
    for (const { address } of wanted) {
      const words = refused.get(address);
      if (words === undefined) this.imported.push(address);
      else this.refused.push({ address, id: this.ids.get(address) ?? "", words });
    }
    await this.takeMade(rest);
  }

  private async takeUnderWay(addresses: readonly string[]): Promise<void> {
    const found = addresses.filter((address) => this.rowOf(address)?.importId !== "none");
    if (found.length === 0) return;
    const state = await StateView.of(this.cluster);
    const wanted: Wanted[] = [];
    for (const address of found) {
      const importId =
        this.rowOf(address)?.lookUp === "import" ? this.importId(address, state) : undefined;
      if (importId === undefined) this.nobodyKnows(address);
      else if (typeof importId === "object") this.supposed.set(address, importId.stateId);
      else wanted.push({ address, importId });
    }
    if (wanted.length === 0) return;
    // What tofu will not import is not there: as certain.
    const absent = await importAll(this.cluster, this.bench, wanted);
    const now = await StateView.of(this.cluster);
    const taken = wanted.map(({ address }) => address).filter((address) => !absent.has(address));
    // What a provider imports though it is not there: its parts exist, and nothing holds them together.
    const hollow = taken.filter((address) => now.isGone(address));
    if (hollow.length > 0) await this.cluster.removeFromState(hollow);
    this.imported.push(...taken.filter((address) => !hollow.includes(address)));
  }

  /** Only what is seen to be there stays in the state. */
  private async ascertain(kept: readonly string[]): Promise<void> {
    const addresses = [...this.supposed.keys()];
    const written = addresses.filter((address) => kept.includes(address));
    const gone = await goneByNow(this.cluster, written);
    const out = gone ?? written;
    if (out.length > 0) await this.cluster.removeFromState(out);
    this.imported.push(...written.filter((address) => !out.includes(address)));
    for (const address of addresses) {
      if (gone === undefined || !kept.includes(address)) this.nobodyKnows(address);
    }
  }

  private nobodyKnows(address: string): void {
    this.unknown.push({ address, name: this.configuration.nameOf(address) });
  }

  private rowOf(address: string): Row | undefined {
    return this.cluster.cloud.recovery[address.split(".")[0] ?? ""];
  }

  private importId(
    address: string,
    state: StateView,
    id?: string,
  ): string | NotImported | undefined {
    const rule = this.rowOf(address)?.importId ?? (() => id);
    if (rule === "none") return undefined;
    return rule({
      ...(id === undefined ? {} : { id }),
      attribute: (name) => this.configuration.attribute(address, name, state, this.ids),
      value: () => undefined,
    });
  }
}

/**
 * Takes up what a person has found in the cloud's console.
 * @param found "scaleway_lb.api=fr-par-1/<uuid>"
 * @throws UserError when it cannot be understood, when it is another's, or when tofu will not
 */
export async function adopt(cluster: Cluster, found: string): Promise<void> {
  const [, address, id] = /^(\w+\.\w+)=(.+)$/.exec(found) ?? [];
  if (address === undefined || id === undefined) {
    throw new UserError(`--adopt ${found}: an address and an id are wanted, as in <address>=<id>`);
  }
  const [type = ""] = address.split(".");
  const owner = (await StateView.of(cluster)).addressOf(type, id);
  if (owner === address) return;
  if (owner !== undefined) {
    throw new UserError(`${address} was not taken up: ${id} is ${owner}, which the state knows.`);
  }
  const lost = { address, id, replaces: false };
  const { refused } = await bringBack(cluster, { ...nothing, made: [lost] });
  const [first] = refused;
  if (first !== undefined) throw new UserError(`${address} was not taken up: ${first.words}`);
}
