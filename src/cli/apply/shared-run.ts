import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../errors";
import { type Bucket, titleOf } from "../../object-store/bucket";
import { journalKey, recordKey } from "../../state/bucket-keys";
import { secretsIn } from "../../state/cluster-secrets";
import {
  type KeptDirectory,
  type PendingChanges,
  type RunContent,
  type RunHeader,
  RunRecord,
} from "../../state/run-record";
import type { Cluster } from "../cluster/cluster";
import { refuseHeldLock } from "../cluster/held-lock";
import { tryToReplicate } from "../cluster/replica";
import { journalName } from "../cluster/truncated-state";
import { directoryId, readRecord, storeOf, userAtHost, writeRecord } from "../cluster/run-records";
import type { SavedPlan } from "../plan/make-plan";
import { leftBehind } from "../recovery/left-behind";
import { forgetJournal, takeOver } from "../recovery/take-over";
import { readUnresolved } from "../recovery/unresolved";
import { JournalCopy } from "./journal-copy";

/** The plan that a run applies. */
type Applied = Pick<SavedPlan, "changes" | "configuration" | "sealedValues" | "secrets">;

export interface SharedRunOptions {
  readonly command: RunHeader["command"];
  readonly say: (text: string) => void;
  /** The input of this run. @default - that of the run before */
  readonly kept?: KeptDirectory;
}

/**
 * A run on a cluster whose state is in a bucket: it keeps a record beside the state, with who runs since
 * when, what others need to recover from it, and the input as it was applied. A cluster without a bucket
 * has none.
 */
export class SharedRun {
  private kept: KeptDirectory | undefined;
  private hasBegun = false;
  private copy: JournalCopy | undefined;
  private readonly began = new Date().toISOString();

  constructor(
    private readonly cluster: Cluster,
    private readonly options: SharedRunOptions,
  ) {
    this.kept = options.kept;
  }

  /**
   * Looks whether a run elsewhere goes on, or was killed there, where its journal is.
   * @param isTakenOver --take-over: it was killed, and is recovered from here
   * @throws UserError when one may go on, and is not taken over, or tofu's lock is held
   */
  async begin(isTakenOver: boolean): Promise<void> {
    const record = await this.otherRecord();
    if (record === undefined) return;
    const { header } = record;
    if (header.outcome !== undefined) {
      forgetJournal(this.cluster);
      return;
    }
    if (!isTakenOver) throw this.goesOn(header);
    await refuseHeldLock(this.cluster);
    const secrets = secretsIn(await this.cluster.readState());
    const content = record.open(secrets);
    this.kept ??= content?.kept;
    this.options.say(
      `Taking over from ${header.by}, whose ${header.command} began at ${header.began}.` +
        (content === undefined
          ? " What it was about to create is not known: look into the cloud's console."
          : "") +
        "\n",
    );
    if (content?.pending !== undefined) {
      await takeOver(this.cluster, content.pending, await this.journalOf(header, secrets));
    }
    await this.store(RunRecord.of({ ...header, ...this.author }, content ?? {}, secrets));
  }

  /** Once the changes are agreed to, before the first of them. @throws UserError when another run has begun */
  async changes(plan: Applied): Promise<void> {
    const other = await this.otherRecord();
    if (other !== undefined && other.header.outcome === undefined) throw this.goesOn(other.header);
    this.kept ??= (await this.record())?.open(plan.secrets)?.kept;
    this.hasBegun = true;
    const { bucket } = this.cluster;
    if (bucket === undefined) return;
    await this.write({ ...this.content, pending: this.pendingOf(plan) }, plan.secrets);
    const store = await storeOf(bucket);
    this.copy = new JournalCopy(join(this.cluster.memory, journalName), async (journal) => {
      const record = RunRecord.of(this.headerOf(undefined), { journal }, plan.secrets);
      await store.put(journalKey(this.name), record.text);
    });
    this.copy.start();
  }

  /** Everything is applied. */
  async applied({ secrets }: Pick<SavedPlan, "secrets">): Promise<void> {
    await this.endCopy();
    const before = await this.record();
    const isStored =
      before?.header.outcome === "applied" && isDeepStrictEqual(before.open(secrets), this.content);
    if (!isStored) await this.write(this.content, secrets, "applied");
    await this.replicate(secrets);
  }

  /** It has failed in order: others may go on where nothing is left that only the journal here has. */
  async failed({ secrets }: Pick<SavedPlan, "secrets">): Promise<void> {
    await this.endCopy();
    if (!this.hasBegun) return;
    await this.trying(async () => {
      const { made, underWay, refused, ending } = await leftBehind(this.cluster);
      if (made.length + underWay.length + refused.length + ending.length > 0) return;
      await this.write(this.content, secrets, "failed");
    });
    await this.replicate(secrets);
  }

  /** Nothing is left of the cluster. */
  async destroyed(): Promise<void> {
    await this.endCopy();
    const { bucket, replica } = this.cluster;
    const deleteIn = async (from: Bucket) => {
      const store = await storeOf(from);
      for (const key of [recordKey, journalKey]) await store.delete(key(this.name));
    };
    if (bucket !== undefined) await this.trying(() => deleteIn(bucket));
    if (replica === undefined) return;
    await this.trying(() => deleteIn(replica));
    await tryToReplicate(this.cluster, this.options.say);
  }

  /** A state in a file has no record beside it: its replica has one all the same. */
  private async replicate(secrets: unknown): Promise<void> {
    const { bucket, replica } = this.cluster;
    if (replica === undefined) return;
    const own = async () => {
      const before = await readRecord(replica, this.name);
      const isStored = isDeepStrictEqual(before?.open(secrets), this.content);
      return isStored ? before : RunRecord.of(this.headerOf("applied"), this.content, secrets);
    };
    await tryToReplicate(this.cluster, this.options.say, bucket === undefined ? own : undefined);
  }

  /** The state has what the journal had, unless the record says otherwise: then its copy stays. */
  private async endCopy(): Promise<void> {
    await this.copy?.end();
    this.copy = undefined;
  }

  /** As far as it was copied. */
  private async journalOf({ began }: RunHeader, secrets: unknown): Promise<string> {
    const { bucket } = this.cluster;
    const copy = bucket && (await readRecord(bucket, this.name, journalKey));
    return (copy?.header.began === began ? copy.open(secrets)?.journal : undefined) ?? "";
  }

  /** Undefined where there is none, or no bucket. */
  private async record(): Promise<RunRecord | undefined> {
    const { bucket } = this.cluster;
    return bucket && readRecord(bucket, this.name);
  }

  /** That of another directory. */
  private async otherRecord(): Promise<RunRecord | undefined> {
    const record = await this.record();
    return record?.header.directory === directoryId(this.cluster) ? undefined : record;
  }

  private async write(
    content: RunContent,
    secrets: unknown,
    outcome?: RunHeader["outcome"],
  ): Promise<void> {
    await this.store(RunRecord.of(this.headerOf(outcome), content, secrets));
    const { bucket } = this.cluster;
    if (outcome === undefined || bucket === undefined || !this.hasBegun) return;
    await this.trying(async () => {
      await (await storeOf(bucket)).delete(journalKey(this.name));
    });
  }

  private headerOf(outcome: RunHeader["outcome"]): RunHeader {
    const { name: cluster, began, author } = this;
    const header = { cluster, command: this.options.command, began, ...author };
    return outcome === undefined ? header : { ...header, outcome };
  }

  private async store(record: RunRecord): Promise<void> {
    const { bucket } = this.cluster;
    if (bucket !== undefined) await this.trying(() => writeRecord(bucket, record));
  }

  /** A store that fails here fails nothing else. */
  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.options.say(
        `Warning: the record of this run was not stored beside the state. ${error.message}\n` +
          "./openaether attach has what was recorded before; the next ./openaether up stores it.\n",
      );
    }
  }

  private get name(): string {
    return this.cluster.immutable.cluster_name;
  }

  private get author(): Pick<RunHeader, "by" | "directory"> {
    return { by: userAtHost(), directory: directoryId(this.cluster) };
  }

  private get content(): RunContent {
    return this.kept === undefined ? {} : { kept: this.kept };
  }

  private pendingOf({ changes, configuration, sealedValues }: Applied): PendingChanges {
    const addresses = (...actions: string[]) =>
      changes.filter(({ action }) => actions.includes(action)).map(({ address }) => address);
    const unresolved = readUnresolved(this.cluster).map(({ address }) => address);
    return {
      creates: [...new Set([...addresses("create", "replace"), ...unresolved])],
      destroys: addresses("destroy", "replace"),
      configuration: readFileSync(configuration, "utf8"),
      ...(sealedValues === undefined ? {} : { values: sealedValues.toString("base64") }),
    };
  }

  private goesOn({ by, command, began }: RunHeader): UserError {
    const bucket = this.cluster.bucket === undefined ? "" : ` in ${titleOf(this.cluster.bucket)}`;
    return new UserError(
      `${by} began \`${command}\` on this cluster at ${began}, and it has not ended (its record${bucket} says ` +
        "so). Nothing was changed. While it runs, wait for its end, then do the same again. If it was killed, " +
        `finish it there with ./openaether ${command}; only if that directory is lost, recover from it here:\n\n` +
        `  ./openaether ${this.options.command} --take-over`,
    );
  }
}
