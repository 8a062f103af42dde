import type {
  Candidate,
  LostResource,
  NotImported,
  Recovery as Row,
} from "../../../constructs/model/recovery";
import { UserError } from "../../errors";
import { typeOf } from "../../tofu/show-json";
import type { Cluster } from "../cluster/cluster";
import { appliedValues, Configuration } from "./configuration";
import { deletedSince } from "./deleted";
import { fillIn } from "./fill-in";
import { importAll, notFoundByImport, type Wanted } from "./import";
import { type LeftBehind, type Lost, nothing } from "./left-behind";
import { type Found, lookUp, type Sought } from "./look-up";
import type { Planned } from "../plan/planned-values";
import { StateView } from "./state-view";
import { ScratchWorkspace } from "./scratch-workspace";

/** The result of the recovery. */
export interface Recovered {
  readonly imported: readonly string[];
  /** What only the user can decide. */
  readonly open: readonly Open[];
}

/** It exists, or may exist, and was not imported. */
export interface Open {
  readonly address: string;
  /** Its name in the cloud, or that of its parent, if either has one. */
  readonly name: string | undefined;
  /** The id that its creation reported, if any. */
  readonly id?: string;
  /** Candidates, the oldest first. */
  readonly candidates: readonly Candidate[];
  /** Why it was not found or not imported: where the user can look, or the provider's message. */
  readonly why: string;
}

/**
 * Imports what the state lost, and looks up what was in progress. What is no longer in the
 * configuration is imported as it was configured then.
 */
export async function recover(cluster: Cluster, left: LeftBehind): Promise<Recovered> {
  const workspace = ScratchWorkspace.of(cluster);
  try {
    const planned = await appliedValues(cluster);
    return await new Recovery(cluster, workspace, left, planned).carryOut();
  } finally {
    workspace.end();
  }
}

class Recovery {
  private readonly configuration: Configuration;
  /** Of what was created, and of what a look-up found. */
  private readonly ids: Map<string, string>;
  private readonly imported: string[] = [];
  /** What cannot be imported. */
  private readonly written: Lost[] = [];
  /** What cannot be imported either, and may not exist: ids by address. */
  private readonly supposed = new Map<string, string>();
  private readonly open: Open[] = [];
  /** Of the look-ups' results: their creation has failed in the cloud. */
  private readonly failed: string[] = [];

  constructor(
    private readonly cluster: Cluster,
    private readonly workspace: ScratchWorkspace,
    private readonly left: LeftBehind,
    private readonly planned: ReadonlyMap<string, Planned>,
  ) {
    this.configuration = Configuration.of(cluster);
    this.ids = new Map(left.made.map(({ address, id }) => [address, id]));
  }

  async carryOut(): Promise<Recovered> {
    const { made, underWay, refused } = this.left;
    const replaced = made.filter(({ replaces }) => replaces).map(({ address }) => address);
    if (replaced.length > 0) await this.cluster.removeFromState(replaced);
    await this.importCreated(
      made.filter(({ address }) => this.rowOf(address)?.importId !== "none"),
    );
    await this.lookUpInProgress(underWay);
    await this.importRefused(refused);
    const supposed = [...this.supposed].map(([address, id]) => ({ address, id }));
    const kept = await fillIn(this.cluster, this.workspace, {
      imported: this.imported,
      written: [...this.written, ...supposed],
      failed: this.failed,
    });
    for (const { address, id } of this.written) {
      if (kept.includes(address)) this.imported.push(address);
      else this.leaveOpen(address, { id, why: "it cannot be imported" });
    }
    await this.keepOnlyExisting(kept);
    const { imported, open } = this;
    return { imported, open };
  }

  /** Some ids are made of attributes that are known only when others are imported: so, in rounds. */
  private async importCreated(lost: readonly Lost[]): Promise<void> {
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
    await this.import(wanted);
    await this.importCreated(rest);
  }

  private async lookUpInProgress(addresses: readonly string[]): Promise<void> {
    const state = await StateView.of(this.cluster);
    const byImport: string[] = [];
    const sought: Sought[] = [];
    for (const address of addresses) {
      const row = this.rowOf(address);
      if (row?.importId === "none" || row?.lookUp === "create") continue;
      if (row === undefined) this.leaveOpen(address, { why: "" });
      else if (row.lookUp === "import") byImport.push(address);
      else if ("ask" in row.lookUp) this.leaveOpen(address, { why: row.lookUp.ask });
      else sought.push({ address, by: row.lookUp, lost: this.lost(address, state) });
    }
    await this.importUnderWay(byImport, state);
    await this.importFound(await lookUp(this.cluster, sought));
  }

  /** What tofu refuses to import does not exist: certainly. */
  private async importUnderWay(addresses: readonly string[], state: StateView): Promise<void> {
    const wanted: Wanted[] = [];
    for (const address of addresses) {
      const importId = this.importId(address, state);
      if (importId === undefined) this.leaveOpen(address, { why: "" });
      else if (typeof importId === "object") this.supposed.set(address, importId.stateId);
      else wanted.push({ address, importId });
    }
    if (wanted.length === 0) return;
    const absent = await importAll(this.cluster, this.workspace, wanted);
    const now = await StateView.of(this.cluster);
    const taken = wanted.map(({ address }) => address).filter((address) => !absent.has(address));
    // Some providers import what does not exist: its parts exist, but not the whole.
    const hollow = taken.filter((address) => now.isGone(address));
    if (hollow.length > 0) await this.cluster.removeFromState(hollow);
    this.imported.push(...taken.filter((address) => !hollow.includes(address)));
  }

  /** A single match is it; without a match, it was not created, if its source lists it from its first moment on. */
  private async importFound(found: ReadonlyMap<string, Found>): Promise<void> {
    const state = await StateView.of(this.cluster);
    const claimed = new Set<string>();
    const free = (address: string, candidates: readonly Candidate[]) =>
      candidates.filter(
        ({ id }) =>
          !claimed.has(id) &&
          state.addressOf(typeOf(address), id) === undefined &&
          ![...this.ids].some(([other, known]) => other !== address && known === id),
      );
    const waiting = new Map<string, readonly Candidate[]>();
    for (const [address, one] of found) {
      if ("message" in one) this.leaveOpen(address, { why: one.message });
      else waiting.set(address, one.candidates);
    }
    const wanted: Wanted[] = [];
    // Each decision may leave another resource with a single candidate.
    for (let before = -1; before !== waiting.size;) {
      before = waiting.size;
      for (const [address, candidates] of waiting) {
        const left = free(address, candidates);
        if (left.length > 1 || left[0]?.isUncertain === true) continue;
        waiting.delete(address);
        const [only] = left;
        if (only === undefined) {
          const why = this.unlisted(address);
          if (why !== undefined) this.leaveOpen(address, { why });
          continue;
        }
        claimed.add(only.id);
        this.ids.set(address, only.id);
        if (only.hasFailed === true) this.failed.push(address);
        const importId = this.importId(address, state, only.id);
        if (typeof importId === "string") wanted.push({ address, importId });
        else if (importId !== undefined) this.supposed.set(address, importId.stateId);
        else this.leaveOpen(address, { why: "", candidates: left });
      }
    }
    for (const [address, candidates] of waiting) {
      const left = free(address, candidates);
      if (left.length > 0) this.leaveOpen(address, { why: "", candidates: left });
    }
    await this.import(wanted);
  }

  /**
   * A part of something in the state belongs to this cluster. Anything else of that name may be
   * another cluster's, and would be destroyed with this one after an import.
   */
  private async importRefused(refused: LeftBehind["refused"]): Promise<void> {
    const state = await StateView.of(this.cluster);
    const isPart = ({ address }: { address: string }) =>
      this.configuration.isPartOfKnown(address, state);
    const named = refused.flatMap(({ address, id }) =>
      id === undefined ? [] : [{ address, id, replaces: false }],
    );
    for (const { address, id } of named) this.ids.set(address, id);
    await this.importCreated(named.filter(isPart));
    await this.lookUpInProgress(
      refused.filter((one) => one.id === undefined && isPart(one)).map(({ address }) => address),
    );
    for (const { address, id } of refused.filter((one) => !isPart(one))) {
      this.leaveOpen(address, {
        why: "the cloud has one already, and this cluster's state does not know it",
        candidates: id === undefined ? [] : [{ id }],
      });
    }
  }

  /** @throws UserError when another process holds the state's lock */
  private async import(wanted: readonly Wanted[]): Promise<void> {
    if (wanted.length === 0) return;
    const refused = await importAll(this.cluster, this.workspace, wanted);
    for (const { address } of wanted) {
      const message = refused.get(address);
      const id = this.ids.get(address);
      if (message === undefined) this.imported.push(address);
      // Deleted since.
      else if (this.isGone(address, message)) continue;
      else this.leaveOpen(address, { ...(id === undefined ? {} : { id }), why: message });
    }
  }

  private isGone(address: string, message: string): boolean {
    return (
      message.includes(notFoundByImport) || this.rowOf(address)?.goneMessage?.test(message) === true
    );
  }

  /** Only what was seen to exist stays in the state. */
  private async keepOnlyExisting(kept: readonly string[]): Promise<void> {
    const addresses = [...this.supposed.keys()];
    const written = addresses.filter((address) => kept.includes(address));
    const gone = await deletedSince(this.cluster, written);
    const out = gone ?? written;
    if (out.length > 0) await this.cluster.removeFromState(out);
    this.imported.push(...written.filter((address) => !out.includes(address)));
    for (const address of addresses) {
      if (gone === undefined || !kept.includes(address)) this.leaveOpen(address, { why: "" });
    }
  }

  private leaveOpen(
    address: string,
    { id, why, candidates = [] }: Pick<Open, "id" | "why"> & Partial<Pick<Open, "candidates">>,
  ): void {
    const oldestFirst = [...candidates].sort((one, other) =>
      (one.createdAt ?? "") < (other.createdAt ?? "") ? -1 : 1,
    );
    this.open.push({
      address,
      name: this.configuration.nameOf(address),
      ...(id === undefined ? {} : { id }),
      candidates: oldestFirst,
      why,
    });
  }

  private unlisted(address: string): string | undefined {
    const by = this.rowOf(address)?.lookUp;
    return typeof by === "object" && "source" in by ? by.unlisted : undefined;
  }

  private rowOf(address: string): Row | undefined {
    return this.cluster.cloud.recovery[typeOf(address)];
  }

  private importId(
    address: string,
    state: StateView,
    id?: string,
  ): string | NotImported | undefined {
    const rule = this.rowOf(address)?.importId ?? (() => id);
    return rule === "none" ? undefined : rule(this.lost(address, state, id));
  }

  private lost(address: string, state: StateView, id?: string): LostResource {
    const planned = (of: string) => this.planned.get(of)?.known;
    const known = { state, ids: this.ids, planned };
    return {
      ...(id === undefined ? {} : { id }),
      attribute: (name) => this.configuration.attribute(address, name, known),
      value: (name) => this.configuration.value(address, name, known),
    };
  }
}

/**
 * Imports what a user has found in the cloud's console, all together.
 * @param found Ids by address: "fr-par-1/<uuid>" of "scaleway_lb.api"
 * @throws UserError when one belongs to another resource, or when tofu does not import it
 */
export async function adopt(cluster: Cluster, found: ReadonlyMap<string, string>): Promise<void> {
  const state = await StateView.of(cluster);
  const made: Lost[] = [];
  for (const [address, id] of found) {
    const owner = state.addressOf(typeOf(address), id);
    if (owner === address) continue;
    if (owner !== undefined) {
      throw new UserError(`${address} was not imported: ${id} is ${owner}, which the state has.`);
    }
    made.push({ address, id, replaces: false });
  }
  if (made.length === 0) return;
  const { open } = await recover(cluster, { ...nothing, made });
  const [first] = open;
  if (first !== undefined) throw new UserError(`${first.address} was not imported: ${first.why}`);
  const now = await StateView.of(cluster);
  for (const { address, id } of made) {
    if (now.has(address)) continue;
    throw new UserError(`${address} was not imported: there is nothing with the id ${id}.`);
  }
}
