import { UserError } from "../../errors";
import type { BackupAtHand } from "../backup/open-backup";
import { clusterFingerprint } from "../backup/fingerprint";
import { Cluster } from "../cluster/cluster";
import {
  readRestoreMark,
  removeRestoreMark,
  type RestoreMark,
  writeRestoreMark,
} from "../cluster/restore-mark";
import { exitStatus } from "../exit-status";
import type { NodeConnection } from "../nodes/connection";
import { knownNodes } from "../nodes/known-nodes";
import type { KnownNode } from "../nodes/observation";
import { withConnection } from "../nodes/with-connection";
import { isConfirmedByName } from "../plan/confirm";
import { secretsIn } from "../../state/cluster-secrets";
import { describeQuorum, lookAtEtcd } from "./quorum";
import { etcdState, recoverEtcd, until, untilRestored, untilWell } from "./recover-etcd";
import { restoredReport } from "./report";
import type { RestoreOptions } from "./restore";

export interface InPlaceOptions extends Pick<
  RestoreOptions,
  "dir" | "file" | "name" | "overwrite" | "without"
> {
  /** The file, as it was named. */
  readonly title: string;
  readonly say: (text: string) => void;
}

/**
 * Brings the data of a backup back to the nodes of its cluster, whose etcd has lost its quorum: wipes
 * etcd on every control plane, lets it begin with the data on one, and waits until the others join.
 * @returns the exit status
 * @throws UserError; nothing was changed where the message says so
 */
export async function restoreInPlace(
  backup: BackupAtHand,
  options: InPlaceOptions,
): Promise<number> {
  const { manifest } = backup;
  const cluster = await Cluster.synthesizedBefore(options, options.say);
  const state = await cluster.readState();
  const secrets = secretsIn(state);
  if (secrets === undefined || clusterFingerprint(secrets) !== manifest.cluster.fingerprint) {
    throw new UserError(
      `The backup is of ${manifest.cluster.name}, another cluster than ${cluster.title}. Nothing was changed. To ` +
        "create a cluster from it: --into DIR.",
    );
  }
  const nodes = knownNodes(cluster, state);
  const all = nodes.filter(({ role }) => role === "controlplane");
  const controlPlanes = all.filter(({ name }) => !options.without.includes(name));
  refuseUnknown(options.without, all);
  const [first] = controlPlanes;
  if (first === undefined) throw new UserError("No control plane is left to restore to.");
  await withConnection(cluster, state, controlPlanes, async (connection) => {
    const mark =
      begun(cluster, backup, options) ??
      (await begin(cluster, backup, { connection, controlPlanes, options }));
    await wipe(connection, controlPlanes, mark, options.say);
    if (mark.recovered === undefined) {
      writeRestoreMark(cluster, { ...mark, recovered: first.name });
    }
    const node = controlPlanes.find(({ name }) => name === mark.recovered) ?? first;
    await recoverEtcd({ connection, node, snapshot: backup.snapshot, say: options.say });
    await untilRestored(connection, manifest);
    options.say("Kubernetes answers with the data of the backup. The other control planes join.");
    const known = nodes.filter(({ name }) => !options.without.includes(name));
    await untilWell(connection, known, options.say);
  });
  removeRestoreMark(cluster);
  options.say(await restoredReport(cluster, manifest, options.title));
  if (options.without.length > 0) {
    const replace = options.without.map((name) => `--replace ${name}`).join(" ");
    options.say(`\nNext, recreate what did not answer:\n\n  ./openaether up ${replace}`);
  }
  return exitStatus.done;
}

/** What an earlier run of the same restore has begun. @throws UserError where it is another one */
function begun(
  cluster: Cluster,
  { manifest }: BackupAtHand,
  { say }: InPlaceOptions,
): RestoreMark | undefined {
  const mark = readRestoreMark(cluster);
  if (mark === undefined) return undefined;
  if (mark.backup === manifest.id) {
    say("Going on with the restore that has begun.");
    return mark;
  }
  throw new UserError(
    `A restore of another backup has begun and has not ended: ${mark.file}. Finish that one first.`,
  );
}

interface Beginning {
  readonly connection: NodeConnection;
  readonly controlPlanes: readonly KnownNode[];
  readonly options: InPlaceOptions;
}

/** Asks for consent, and marks the directory. @throws UserError where nothing may begin */
async function begin(
  cluster: Cluster,
  { manifest }: BackupAtHand,
  { connection, controlPlanes, options }: Beginning,
): Promise<RestoreMark> {
  const { say, overwrite, without, title, name: given } = options;
  const etcd = await lookAtEtcd(connection, controlPlanes);
  say(describeQuorum(cluster.title, etcd));
  const silent = etcd.members.filter(({ bootId }) => bootId === undefined);
  if (silent.length > 0) {
    const names = silent.map(({ name }) => name);
    throw new UserError(
      `${names.join(", ")} ${names.length === 1 ? "does" : "do"} not answer. Nothing was changed. Where a machine is gone ` +
        `for good, go on without it:\n\n  ./openaether restore ${title} ${[...without, ...names].map((name) => `--without ${name}`).join(" ")}`,
    );
  }
  if (etcd.hasQuorum && !overwrite) {
    throw new UserError(
      "etcd works: nothing was changed. A restore would lose what was written since the backup. If that is what " +
        "you want: --overwrite",
    );
  }
  const { cluster_name: name } = cluster.immutable;
  say(
    `\n  What was written after ${manifest.created} will be lost. Kubernetes does not answer while etcd is wiped on ` +
      `${controlPlanes.map((node) => node.name).join(", ")} and restored; pods of workers go on.\n`,
  );
  if (!(await isConfirmedByName("restore", name, given))) {
    throw new UserError("Nothing was changed.");
  }
  const boots = Object.fromEntries(
    etcd.members.map((member) => [member.name, member.bootId ?? ""]),
  );
  return writeRestoreMark(cluster, { backup: manifest.id, file: title, boots });
}

/** Restarts every control plane with an empty etcd, all at once: none of them serves anything. */
async function wipe(
  connection: NodeConnection,
  controlPlanes: readonly KnownNode[],
  { boots = {}, recovered }: RestoreMark,
  say: (text: string) => void,
): Promise<void> {
  if (recovered !== undefined) return;
  await Promise.all(
    controlPlanes.map(async (node) => {
      if (await isWiped(connection, node, boots[node.name])) return;
      say(`${node.name}: etcd is wiped, and the machine restarts.`);
      await (await connection.node(node.address)).wipe();
      await until(`${node.name} is back, and its etcd waits to begin`, () =>
        isWiped(connection, node, boots[node.name]),
      );
    }),
  );
}

/** Whether it has rebooted since the restore began, and its etcd has no data. */
async function isWiped(
  connection: NodeConnection,
  node: KnownNode,
  before: string | undefined,
): Promise<boolean> {
  try {
    const bootId = await (await connection.node(node.address)).bootId();
    return bootId !== before && (await etcdState(connection, node)) === "Preparing";
  } catch {
    return false;
  }
}

function refuseUnknown(without: readonly string[], all: readonly KnownNode[]): void {
  const unknown = without.filter((name) => !all.some((node) => node.name === name));
  if (unknown.length === 0) return;
  throw new UserError(
    `--without ${unknown.join(", ")}: the control planes are ${all.map(({ name }) => name).join(", ")}. Nothing was ` +
      "changed.",
  );
}
