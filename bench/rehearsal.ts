/**
 * The simulator's share of a rehearsal of 3+2 nodes: its processor time against the wall time of
 * the whole, below 40 %. The rest is tofu.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudNames } from "../constructs/model/cluster-spec";

const openaether = join(__dirname, "..", "..", "openaether");
const rounds = 3;

const directory = mkdtempSync(join(tmpdir(), "bench-"));
for (let round = 0; round < rounds; round++) {
  for (const cloud of cloudNames) {
    const args = ["rehearse", "--timings", "--cloud", cloud];
    const last = execFileSync(openaether, args, { cwd: directory })
      .toString()
      .trimEnd()
      .split("\n");
    console.log(`rehearsal of ${cloud.padEnd(9)} ${last.at(-1) ?? ""} (below 40 %)`);
  }
}
rmSync(directory, { recursive: true });
