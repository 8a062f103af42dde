import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * For a stack that is not written: cdktf creates its output directory as soon as it gets its name.
 * @param use What is done with a directory that exists meanwhile
 */
export async function withTemporaryOutput<Result>(
  use: (outdir: string) => Result | Promise<Result>,
): Promise<Result> {
  const outdir = mkdtempSync(join(tmpdir(), "openaether-"));
  try {
    return await use(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
