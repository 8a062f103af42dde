/**
 * How long a deep rehearsal of 3+2 nodes takes until every node is ready, and the memory of its real
 * programs: at most 45 s on two idle cores, and 2 GiB. The programs are found or built before.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudNames } from "../constructs/model/cluster-spec";

const openaether = join(__dirname, "..", "..", "openaether");
const rounds = 2;

const directory = mkdtempSync(join(tmpdir(), "bench-"));
try {
  for (let round = 0; round < rounds; round++) {
    for (const cloud of cloudNames) {
      const args = ["rehearse", "--deep", "--timings", "--cloud", cloud];
      const output = execFileSync(openaether, args, { cwd: directory, encoding: "utf8" });
      const [, result = ""] = /^ +after (.*)$/m.exec(output) ?? [];
      console.log(`deep rehearsal of ${cloud.padEnd(9)} ${result} (45 s, 2 GiB)`);
    }
  }
} finally {
  rmSync(directory, { recursive: true });
}
