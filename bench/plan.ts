/**
 * `plan` of an unchanged cluster of 3+2 nodes, on a kept deep rehearsal: with the nodes asked at most
 * 1.5 times as long as without. Both in interleaved rounds; what is compared is the median.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { apiVariable } from "../src/cli/cluster/api-endpoint";

const openaether = join(__dirname, "..", "..", "openaether");
const rounds = Number(process.argv[2] ?? 5);
const most = 1.5;

/** In milliseconds. @throws Error where the plan has changes, or does not ask as it should */
function plan(environment: string, isAsking: boolean): number {
  const asking = isAsking ? "" : `unset ${apiVariable}; `;
  const command = `. '${environment}'; ${asking}exec '${openaether}' plan --dir '${dirname(environment)}'`;
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0 || stdout.includes("the nodes as they should be") !== isAsking) {
    throw new Error(`plan: ${status}\n${stdout}${stderr}`);
  }
  return elapsed;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Starts a rehearsal; resolves with the file of its environment. */
function kept(directory: string): Promise<{ environment: string; end: () => Promise<void> }> {
  const child = spawn(openaether, ["rehearse", "--deep", "--keep"], { cwd: directory });
  const closed = new Promise<void>((resolve) =>
    child.once("close", () => {
      resolve();
    }),
  );
  const end = () => {
    child.kill("SIGINT");
    return closed;
  };
  let output = "";
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (text: Buffer) => {
      output += text.toString();
      const environment = /^ +\. (\S+\/environment)$/m.exec(output)?.[1];
      // The last of its lines.
      if (environment !== undefined && / state list$/m.test(output)) resolve({ environment, end });
    });
    child.once("close", () => {
      reject(new Error(output));
    });
  });
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const { environment, end } = await kept(directory);
    try {
      plan(environment, true);
      const [asked, without]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        asked.push(plan(environment, true));
        without.push(plan(environment, false));
      }
      const [one, other] = [median(asked), median(without)];
      const ratio = one / other;
      const times = `${(one / 1000).toFixed(2)} s, without ${(other / 1000).toFixed(2)} s`;
      console.log(`plan with nodes asked  ${times}: ${ratio.toFixed(2)} (at most ${most})`);
      if (ratio > most) process.exitCode = 1;
    } finally {
      await end();
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
