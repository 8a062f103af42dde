import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Bytes that are too many for the memory, in a temporary file. It is encrypted with a key that only
 * this process has: what a killed run leaves of it cannot be read.
 */
export class Spool {
  private constructor(
    private readonly file: string,
    private readonly key: Buffer,
    /** In bytes. */
    readonly size: number,
    /** SHA-256, in hexadecimal. */
    readonly sha256: string,
  ) {}

  /** @throws what reading the parts or writing the file throws; nothing is left then */
  static async of(parts: AsyncIterable<Buffer>, file: string): Promise<Spool> {
    const key = randomBytes(32);
    const hash = createHash("sha256");
    let size = 0;
    const counted = async function* () {
      for await (const part of parts) {
        hash.update(part);
        size += part.length;
        yield part;
      }
    };
    try {
      await pipeline(
        Readable.from(counted()),
        createCipheriv("aes-256-ctr", key, start),
        createWriteStream(file, { mode: 0o600 }),
      );
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
    return new Spool(file, key, size, hash.digest("hex"));
  }

  /** From its beginning, each time. @param chunk The size of its parts, in bytes. @default 64 KiB */
  read({ chunk = 64 * 1024 } = {}): Readable {
    const source = createReadStream(this.file, { highWaterMark: chunk });
    const decipher = createDecipheriv("aes-256-ctr", this.key, start);
    source.once("error", (error) => decipher.destroy(error));
    return source.pipe(decipher);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}

/** The counter's start: each key is used for one file. */
const start = Buffer.alloc(16);
