import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf, UserError } from "../../../errors";
import type { Observation } from "../observation";
import type { Work } from "./work";

/** How many are kept. */
const kept = 3;
/** SHA-256 of all before it, at the end of a snapshot. */
const digestLength = 32;
/** etcd's data is whole pages of at least this size. */
const page = 512;

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

/** @throws Error where its size or its digest is not that of a whole snapshot */
async function write(path: string, parts: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, "w", 0o600);
  const hash = createHash("sha256");
  let [size, tail] = [0, Buffer.alloc(0)];
  try {
    for await (const part of parts) {
      await file.write(part);
      size += part.length;
      const held = Buffer.concat([tail, part]);
      const end = Math.max(0, held.length - digestLength);
      hash.update(held.subarray(0, end));
      tail = held.subarray(end);
    }
    if (size % page !== digestLength) throw new Error(`it breaks off after ${size} bytes`);
    if (!hash.digest().equals(tail)) throw new Error("its digest is another");
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
