/** What a machine that boots a disk image finds in it. */
import { closeSync, existsSync, openSync, readSync } from "node:fs";

const BLOCK = 2 ** 20;
/** More than a line of kernel arguments, which may be in two blocks. */
const OVERLAP = 8192;

/** The platform in Talos's kernel arguments; undefined where there are none, or no such file. */
export function platformIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const opened = openSync(file, "r");
  try {
    const block = Buffer.alloc(BLOCK);
    for (let rest = ""; ;) {
      const length = readSync(opened, block, 0, BLOCK, null);
      if (length === 0) return undefined;
      const text = rest + block.toString("latin1", 0, length);
      const found = platformOf(text);
      if (found !== undefined) return found;
      rest = text.slice(-OVERLAP);
    }
  } finally {
    closeSync(opened);
  }
}

/** The same in a part of a disk image. */
export function platformOf(text: string): string | undefined {
  return /\btalos\.platform=([a-z0-9-]+)/.exec(text)?.[1];
}
