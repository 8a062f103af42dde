/**
 * How long it takes to compute who can reach what: the matrix of 3+5 nodes (at most 1 s) and of 100
 * (at most 10 s), in this process, and `explain --html` as a user runs it (at most 2 s and 1 MiB).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshKeyPair } from "../simulator/utility/ssh-key-pair";
import { explainStack } from "../src/cli/explain/network";
import { preview } from "../src/synth";

const root = join(__dirname, "..", "..");
const rounds = 5;
const key = sshKeyPair().public;
const clouds = {
  scaleway: { region: "fr-par", instance_type: "PRO2-S" },
  ovh: { region: "GRA11" },
  outscale: { region: "eu-west-2" },
};

async function main(): Promise<void> {
  for (const [cloud, place] of Object.entries(clouds)) {
    for (const workers of [5, 97]) {
      const directory = mkdtempSync(join(tmpdir(), "bench-explain-"));
      try {
        const nodes = { ...place, control_planes: 3, workers, image_name: "talos-v1.13.9" };
        const input = {
          cluster_name: "bench",
          admin_ip: "203.0.113.7",
          bastion_ssh_keys: { [cloud]: key },
          node_distribution: { [cloud]: nodes },
        };
        writeFileSync(join(directory, "tofu.tfvars.json"), JSON.stringify(input));
        await measure(`${cloud}, 3+${workers}`, directory);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }
  }
}

async function measure(name: string, directory: string): Promise<void> {
  const { json, spec } = await preview({ directory, environment: {} });
  let flows = 0;
  const matrix: number[] = [];
  const page: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    ({ length: flows } = (await explainStack(json, spec)).flows);
    matrix.push(performance.now() - start);
    const before = performance.now();
    const { status } = spawnSync(join(root, "openaether"), ["explain", "--html"], {
      cwd: directory,
    });
    if (status !== 0) throw new Error(`explain --html of ${name}: ${String(status)}`);
    page.push(performance.now() - before);
  }
  const size = statSync(join(directory, "bench.html")).size / 2 ** 20;
  console.log(
    `${name.padEnd(18)} ${String(flows).padStart(7)} flows: applied and asked in ${seconds(matrix)}, ` +
      `explain --html ${seconds(page)}, ${size.toFixed(2)} MiB`,
  );
}

function seconds(times: number[]): string {
  const median = times.sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
  return `${(median / 1000).toFixed(2)} s`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
