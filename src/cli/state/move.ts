import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { literal } from "../../../constructs/template";
import type { Loaded } from "../../config/load";
import { UserError } from "../../errors";
import { type Bucket, isSameBucket, titleOf } from "../../object-store/bucket";
import { probeConditionalWrites } from "../../object-store/conditional-writes";
import { ObjectStore } from "../../object-store/object-store";
import { bucketBackend } from "../../stack/remote-state";
import { keysPrefix, recordKey, stateKey } from "../../state/bucket-keys";
import { lockRemark } from "../../state/bucket-lock";
import { bucketVariables } from "../../state/bucket-variables";
import { checkStateForm } from "../../state/state-form";
import { stateVariables } from "../../state/passphrase";
import { statePartsFor } from "../../state/state-parts";
import { fileBackend, StateWorkspace } from "../../state/state-workspace";
import { findTofu } from "../../tofu/binary";
import { personEnvironment } from "../../tofu/environment";
import { formOfState, stateBackupName, stateFileName } from "../../tofu/state-file";
import { print } from "../../view/output";
import { forgetInitialization, initialize } from "../cluster/preparation";
import { Cluster, loadInput } from "../cluster/cluster";
import { ClusterDirectory, type ClusterOptions } from "../cluster/directory";
import { tryToReplicate } from "../cluster/replica";
import { exitStatus } from "../exit-status";
import { refuseHeld } from "./migrate";

/** What is compared of two states. */
interface Content {
  readonly outputs?: object;
  readonly resources?: readonly {
    readonly type: string;
    readonly instances?: readonly {
      readonly attributes?: {
        readonly machine_secrets?: { readonly cluster?: { readonly id?: string } };
      };
    }[];
  }[];
}

/** Where a state is: in a bucket, or in the file beside tofu.tfvars. */
type Place = Bucket | "file";

/**
 * Moves the state to where tofu.tfvars says now: into a bucket, into another, or back into a file. What
 * was written is read back before the former one is deleted. A run that was killed is finished by
 * another one.
 * @returns the exit status
 * @throws the input's problems; UserError, with the former state untouched
 */
export async function moveState(options: ClusterOptions): Promise<number> {
  const loaded = await loadInput(options);
  const home = dirname(loaded.input.file);
  const target = loaded.bucket ?? "file";
  const source = formerPlace(home, target, options);
  await refuseHeld(home);
  checkStateForm(home, loaded.state, process.env);
  if (target !== "file") await checkTarget(target);
  const move = await Move.of(loaded, home);
  const isMoved = source !== undefined && (await move.between(source, target));
  const cluster = await Cluster.synthesize(options, print, { isMoved: true });
  // tofu compares with where the state was, and would ask.
  rmSync(join(cluster.stackDirectory, ".terraform", "terraform.tfstate"), { force: true });
  forgetInitialization(cluster);
  await initialize(cluster);
  print(
    `${cluster.title}: the state ${isMoved ? "is now" : "is already"} in ${describe(target, home)}.`,
  );
  if (target !== "file" && !(await hasRecord(target, loaded.spec.name))) {
    print(
      "The next ./openaether up stores tofu.tfvars beside it, encrypted, for ./openaether attach.",
    );
  }
  await tryToReplicate(cluster, print);
  return exitStatus.done;
}

class Move {
  private constructor(
    private readonly loaded: Loaded,
    private readonly home: string,
    private readonly scratch: string,
    private readonly tofuPath: string,
    private readonly key: Readonly<Record<string, string>>,
  ) {}

  static async of(loaded: Loaded, home: string): Promise<Move> {
    const key = await stateVariables(loaded.state, { home, environment: process.env });
    const tofu = await findTofu({ environment: process.env, progress: print });
    const { scratch } = new ClusterDirectory(home, home, "");
    return new Move(loaded, home, scratch, tofu.path, key);
  }

  /** @returns false where there is nothing to move: it is there already, or there is none */
  async between(source: Place, target: Place): Promise<boolean> {
    const text = await this.read(source);
    const there = await this.read(target);
    if (text === "") {
      if (there !== "") return false;
      throw new UserError(
        `There is no state in ${describe(source, this.home)}. Nothing was changed.`,
      );
    }
    const state = contentOf(text);
    if (there === "") await this.write(target, text);
    else this.refuseOther(state, contentOf(there), target);
    if (!isSame(contentOf(await this.read(target)), state)) {
      throw new UserError(
        `What was written to ${describe(target, this.home)} is not what was read. The former state was not touched.`,
      );
    }
    if (!isSame(contentOf(await this.read(source)), state)) {
      throw new UserError("The state has changed meanwhile. It was not deleted. Run this again.");
    }
    await this.copyRecord(source, target);
    await this.delete(source);
    return true;
  }

  private refuseOther(state: Content, there: Content, target: Place): void {
    if (isSame(state, there)) return;
    const where = describe(target, this.home);
    if (clusterIn(state) !== clusterIn(there)) {
      throw new UserError(
        `There is the state of another cluster in ${where}. Nothing was changed. Give this cluster another ` +
          "name, or another bucket.",
      );
    }
    throw new UserError(
      `There is another state of this cluster in ${where}: the cluster was changed from there, or from here, ` +
        "since they were the same. Nothing was changed. Keep the one that is right, and move the other one away.",
    );
  }

  /** "" where there is none. */
  private async read(place: Place): Promise<string> {
    if (!(await this.isThere(place))) return "";
    return this.within(place, (workspace) => workspace.pull());
  }

  private async isThere(place: Place): Promise<boolean> {
    if (place === "file") return formOfState(this.home, stateFileName) !== undefined;
    const store = new ObjectStore(place, process.env);
    return (await store.writtenAt(stateKey(this.loaded.spec.name))) !== undefined;
  }

  private async write(place: Place, text: string): Promise<void> {
    await this.within(place, (workspace) => workspace.push(text));
  }

  /** Of the last run: encrypted by the cluster's own secrets, which are the same in both. */
  private async copyRecord(source: Place, target: Place): Promise<void> {
    if (source === "file" || target === "file") return;
    const key = recordKey(this.loaded.spec.name);
    const record = await new ObjectStore(source, process.env).get(key);
    if (record !== undefined) await new ObjectStore(target, process.env).put(key, record.body);
  }

  private async delete(place: Place): Promise<void> {
    if (place === "file") {
      for (const name of [stateFileName, stateBackupName])
        rmSync(join(this.home, name), { force: true });
      return;
    }
    const store = new ObjectStore(place, process.env);
    for (const key of [recordKey, stateKey]) await store.delete(key(this.loaded.spec.name));
  }

  private async within<Result>(
    place: Place,
    work: (workspace: StateWorkspace) => Promise<Result>,
  ): Promise<Result> {
    const isFile = place === "file";
    const variables = isFile ? {} : bucketVariables(place, process.env);
    const workspace = await StateWorkspace.in({
      directory: join(this.scratch, "state"),
      backend: isFile
        ? fileBackend(join(this.home, stateFileName))
        : bucketBackend(place, this.loaded.spec.name),
      parts: statePartsFor(this.loaded.state, literal(this.home)),
      tofuPath: this.tofuPath,
      environment: personEnvironment(process.env, { ...this.key, ...variables }),
    });
    try {
      return await work(workspace);
    } finally {
      workspace.end();
    }
  }
}

/** Where the state is still; undefined where it is nowhere else than it should be. */
function formerPlace(home: string, target: Place, options: ClusterOptions): Place | undefined {
  if (target !== "file" && formOfState(home, stateFileName) !== undefined) return "file";
  const former = ClusterDirectory.present(options)?.bucket;
  if (former === undefined) return undefined;
  return target === "file" || !isSameBucket(former, target) ? former : undefined;
}

async function checkTarget(bucket: Bucket): Promise<void> {
  const store = new ObjectStore(bucket, process.env);
  if (!(await store.exists())) {
    throw new UserError(
      `There is no bucket ${bucket.name} at ${bucket.endpoint}. Nothing was changed. Create it:\n\n` +
        "  ./openaether state create",
    );
  }
  const remark = lockRemark(await probeConditionalWrites(store, keysPrefix), bucket);
  if (remark !== undefined) print(`${remark}\n`);
}

async function hasRecord(bucket: Bucket, cluster: string): Promise<boolean> {
  return (await new ObjectStore(bucket, process.env).writtenAt(recordKey(cluster))) !== undefined;
}

function describe(place: Place, home: string): string {
  return place === "file" ? join(home, stateFileName) : titleOf(place);
}

function contentOf(text: string): Content {
  return JSON.parse(text) as Content;
}

/** Without lineage and serial, which tofu creates again in an empty bucket, and without the unordered results of checks. */
function isSame(one: Content, other: Content): boolean {
  const content = ({ outputs, resources }: Content) => ({ outputs, resources });
  return isDeepStrictEqual(content(one), content(other));
}

/** What no two clusters share: the id that Talos's secrets have. */
function clusterIn({ resources = [] }: Content): unknown {
  const secrets = resources.find(({ type }) => type === "talos_machine_secrets");
  return secrets?.instances?.[0]?.attributes?.machine_secrets?.cluster?.id;
}
