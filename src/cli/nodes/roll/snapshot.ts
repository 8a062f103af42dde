import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf, UserError } from "../../../errors";
import { wholeSnapshot } from "../../../talos/etcd-snapshot";
import type { Observation } from "../observation";
import type { Work } from "./work";

/** How many are kept. */
const kept = 3;
/**
 * Saves a snapshot of etcd, from a member that does not lead where there is one, for its owner only.
 * It has every object of the cluster.
 * @returns its file
 * @throws UserError where it is not whole; nothing of it is left then
 */
export async function saveSnapshot(
  { connection, memory }: Pick<Work, "connection" | "memory">,
  observation: Observation,
): Promise<string> {
  const members = observation.nodes.filter(({ etcd }) => etcd !== undefined);
  const source = members.find(({ etcd }) => etcd?.leader !== etcd?.memberId) ?? members[0];
  if (source === undefined)
    throw new UserError("No member of etcd answers: no snapshot can be taken.");
  const directory = join(memory, "snapshots");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const name = `etcd-${new Date().toISOString().replaceAll(/[:.]/g, "-")}.db`;
  const part = join(directory, `${name}.part`);
  try {
    const node = await connection.node(source.address);
    await write(part, node.snapshot());
  } catch (error) {
    rmSync(part, { force: true });
    throw new UserError(
      `The snapshot of etcd that ${source.name} sent is not whole: ${reasonOf(error)}. Nothing was ` +
        "upgraded. Run the same command again.",
    );
  }
  const file = join(directory, name);
  renameSync(part, file);
  removeOld(directory);
  return file;
}

/** @throws Error where it is not whole */
async function write(path: string, parts: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    for await (const part of wholeSnapshot(parts)) await file.write(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

function removeOld(directory: string): void {
  const names = readdirSync(directory).filter((name) => /^etcd-.*\.db(\.part)?$/.test(name));
  const old = names.filter((name) => name.endsWith(".part"));
  const whole = names.filter((name) => name.endsWith(".db")).sort();
  for (const name of [...old, ...whole.slice(0, -kept)]) rmSync(join(directory, name));
}
