import { createHash } from "node:crypto";

/** SHA-256 of all before it, at the end of a snapshot. */
const digestLength = 32;
/** etcd's data is whole pages of at least this size. */
const page = 512;

/**
 * Passes on a snapshot of etcd, and checks at its end that it is whole.
 * @throws Error where its size or its digest is not that of a whole snapshot, after all of it was passed on
 */
export async function* wholeSnapshot(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  let [size, tail] = [0, Buffer.alloc(0)];
  for await (const part of parts) {
    size += part.length;
    const held = Buffer.concat([tail, part]);
    const end = Math.max(0, held.length - digestLength);
    hash.update(held.subarray(0, end));
    tail = held.subarray(end);
    yield part;
  }
  if (size % page !== digestLength) throw new Error(`it breaks off after ${size} bytes`);
  if (!hash.digest().equals(tail)) throw new Error("its digest is another");
}
